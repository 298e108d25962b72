package io.hayloft.runtime.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Keeps what a logger of its own writes. */
final class LogCapture {

  private final Logger logger;
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  LogCapture(String name) {
    logger = (Logger) LoggerFactory.getLogger(name);
    logger.setAdditive(false);
    lines.start();
    logger.addAppender(lines);
  }

  org.slf4j.Logger logger() {
    return logger;
  }

  /** The lines since the last call. */
  List<String> taken() {
    var taken = lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    lines.list.clear();
    return taken;
  }

  ILoggingEvent last() {
    return lines.list.getLast();
  }
}
