package io.hayloft.tracker.command;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A request, for the JVM's flight recorder; made of nothing while that does not record. */
@Name("hayloft.Request")
@Label("Request")
@Description("A request to the tracker, from when it was begun until its answer was there")
@Category("Hayloft")
@StackTrace(false)
final class RequestEvent extends Event {

  @Label("Command")
  String command = "";

  @Label("Outcome")
  String outcome = "";

  @Label("Waited for its turn")
  @Timespan
  long queued;

  @Label("Waited for the database")
  @Timespan
  long database;

  @Label("Waited for nodes")
  @Timespan
  long nodes;

  @Label("Waited for copies")
  @Timespan
  long copies;
}
