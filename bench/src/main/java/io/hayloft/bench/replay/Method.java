package io.hayloft.bench.replay;

import java.util.List;

/** What a line of a log asked for. */
enum Method {
  /** Where the file is, and its bytes from the first node that is named. */
  GET("get_paths + GET"),
  /** What is known of the file. */
  HEAD("file_info"),
  /** A new file, or other bytes for an old one. */
  PUT("create_open + PUT + create_close"),
  DELETE("delete");

  static final List<Method> ALL = List.of(values());

  private final String title;

  Method(String title) {
    this.title = title;
  }

  /** Its place in {@link #ALL}. */
  int number() {
    return ALL.indexOf(this);
  }

  String title() {
    return title;
  }
}
