package io.hayloft.bench.server;

import io.hayloft.bench.measure.ProcessMeter;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** A running web server; closing it ends its process. */
public interface Server extends AutoCloseable {

  Contender contender();

  InetSocketAddress address();

  /** The books of the process that does the work, and of no other. */
  ProcessMeter meter();

  /** Where the files are that it serves. */
  Path docroot();

  @Override
  void close();
}
