package io.hayloft.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Listens to the log for what nobody has foreseen: errors, and exceptions that got out. */
public final class Complaints extends AppenderBase<ILoggingEvent> {

  private final Queue<String> heard = new ConcurrentLinkedQueue<>();

  public static Complaints listen() {
    var complaints = new Complaints();
    complaints.start();
    root().addAppender(complaints);
    return complaints;
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @Override
  protected void append(ILoggingEvent event) {
    boolean escaped = event.getThrowableProxy() != null && event.getLevel() == Level.WARN;
    if (event.getLevel() == Level.ERROR || escaped) {
      heard.add(event.getLoggerName() + ": " + event.getFormattedMessage());
    }
  }

  public void assertNone() {
    assertThat(heard).isEmpty();
  }

  /** Listens no more. */
  public void end() {
    root().detachAppender(this);
    stop();
  }
}
