package io.hayloft.cli.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/**
 * Tells the operators who watch a tracker what it logs, as {@code [replicate(3)] text} where a
 * worker of a job says it.
 *
 * <p>Telling must not make news of its own, or one line would become endlessly many: what is logged
 * while a line is being told, by the same thread, is not told, and lines below {@code info}, which
 * the sockets write about each byte they send, are not told at all.
 */
final class WatchersAppender extends UnsynchronizedAppenderBase<ILoggingEvent>
    implements AutoCloseable {

  /** The threads of crews, and those that they start: {@code replicate-3/each}. */
  private static final Pattern WORKER = Pattern.compile("([a-z_]+)-(\\d+)(?:/.*)?");

  private final Consumer<String> watchers;
  private final ThreadLocal<Boolean> telling = ThreadLocal.withInitial(() -> false);

  WatchersAppender(Consumer<String> watchers) {
    this.watchers = watchers;
  }

  /** Follows all that this process logs, until closed. */
  static WatchersAppender follow(Consumer<String> watchers) {
    var appender = new WatchersAppender(watchers);
    var root = root();
    appender.setName("watchers");
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
    return appender;
  }

  private static Logger root() {
    return ((LoggerContext) LoggerFactory.getILoggerFactory())
        .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (!event.getLevel().isGreaterOrEqual(Level.INFO) || telling.get()) {
      return;
    }
    telling.set(true);
    try {
      watchers.accept(text(event));
    } finally {
      telling.remove();
    }
  }

  private static String text(ILoggingEvent event) {
    var line = new StringBuilder();
    var worker = WORKER.matcher(String.valueOf(event.getThreadName()));
    if (worker.matches()) {
      line.append('[').append(worker.group(1)).append('(').append(worker.group(2)).append(")] ");
    }
    line.append(event.getFormattedMessage());
    var thrown = event.getThrowableProxy();
    if (thrown != null) {
      line.append(": ").append(thrown.getClassName()).append(": ").append(thrown.getMessage());
    }
    return line.toString();
  }

  @Override
  public void close() {
    root().detachAppender(this);
    stop();
  }
}
