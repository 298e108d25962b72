package io.hayloft.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Logging of this process: one concise line per event on standard error. In code, because reading
 * XML costs a short command a third of its time. Found by logback as a service.
 *
 * <p>{@code HAYLOFT_LOG} is a level, or {@code package=level} pairs and a level, with commas. By
 * default daemons log {@code info}; commands for people only {@code warn}, and the libraries below
 * them only {@code error}, since a failure is one line.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {

  /** Set by the daemons before the first logger is made. */
  static final String DAEMON_PROPERTY = "hayloft.daemon";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setCharset(UTF_8);
    encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg%n%rEx");
    encoder.start();
    var console = new ConsoleAppender<ILoggingEvent>();
    console.setContext(context);
    console.setName("console");
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(console);
    levels(System.getenv(), Boolean.getBoolean(DAEMON_PROPERTY))
        .forEach((name, level) -> context.getLogger(name).setLevel(level));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** The levels by logger; what is not a level counts as the default. */
  static Map<String, Level> levels(Map<String, String> environment, boolean daemon) {
    var levels = new LinkedHashMap<String, Level>();
    var usual = daemon ? Level.INFO : Level.WARN;
    levels.put(org.slf4j.Logger.ROOT_LOGGER_NAME, usual);
    // These say at "info" what nobody asked for.
    levels.put("org.eclipse.jetty", Level.WARN);
    levels.put("com.zaxxer.hikari", Level.WARN);
    levels.put("org.flywaydb", Level.WARN);
    // That another copy was read instead is no news to whoever gets the file.
    levels.put("io.hayloft.client", daemon ? usual : Level.ERROR);
    levels.put("ch.vorburger", daemon ? Level.WARN : Level.OFF);
    for (var word : environment.getOrDefault("HAYLOFT_LOG", "").split("[,\\s]+")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        levels.put(word.substring(0, equals), Level.toLevel(word.substring(equals + 1), usual));
      } else if (!word.isEmpty()) {
        levels.put(org.slf4j.Logger.ROOT_LOGGER_NAME, Level.toLevel(word, usual));
      }
    }
    return levels;
  }
}
