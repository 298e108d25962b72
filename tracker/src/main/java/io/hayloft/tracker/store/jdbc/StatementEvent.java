package io.hayloft.tracker.store.jdbc;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A statement, for the JVM's flight recorder. */
@Name("hayloft.Statement")
@Label("Statement")
@Description("A statement that the database carried out, its results read")
@Category("Hayloft")
@StackTrace(false)
final class StatementEvent extends Event {

  @Label("Database")
  String database = "";

  @Label("Statement")
  String statement = "";
}
