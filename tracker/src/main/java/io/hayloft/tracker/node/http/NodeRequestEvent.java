package io.hayloft.tracker.node.http;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A small request to a storage node, for the JVM's flight recorder. */
@Name("hayloft.NodeRequest")
@Label("Request to a node")
@Description("A request to a storage node and its answer")
@Category("Hayloft")
@StackTrace(false)
final class NodeRequestEvent extends Event {

  @Label("Method")
  String method = "";

  @Label("URL")
  String url = "";
}
