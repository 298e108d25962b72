package io.hayloft.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.hayloft.runtime.task.Tasks;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class WatchersAppenderTest {

  private static final Logger log = LoggerFactory.getLogger(WatchersAppenderTest.class);

  private final Queue<String> told = new ConcurrentLinkedQueue<>();

  private void whileFollowed(Consumer<String> watchers, Runnable body) {
    try (var _ = WatchersAppender.follow(watchers)) {
      body.run();
    }
  }

  @Test
  void whatIsLoggedIsToldWhileOneFollows() {
    whileFollowed(told::add, () -> log.warn("disk {} is full", 7));
    log.warn("nobody hears this");

    assertThat(told).containsExactly("disk 7 is full");
  }

  @Test
  void aWorkersLineNamesItsJob() throws InterruptedException {
    try (var tasks = Tasks.virtual();
        var _ = WatchersAppender.follow(told::add)) {
      for (var thread : new String[] {"replicate-12", "delete-3/each", "tracker-server-4"}) {
        tasks.start(thread, () -> log.warn("text")).join(Duration.ofSeconds(10));
      }
    }

    assertThat(told).containsExactly("[replicate(12)] text", "[delete(3)] text", "text");
  }

  @Test
  void whatWasThrownIsNamed() {
    whileFollowed(told::add, () -> log.error("no luck", new IllegalStateException("rain")));

    assertThat(told).containsExactly("no luck: java.lang.IllegalStateException: rain");
  }

  @Test
  void whatIsLoggedOfEachByteIsNotTold() {
    var logger = (ch.qos.logback.classic.Logger) log;
    logger.setLevel(Level.DEBUG);
    try {
      whileFollowed(
          told::add,
          () -> {
            log.debug("sent a byte");
            log.info("started");
          });
    } finally {
      logger.setLevel(null);
    }

    assertThat(told).containsExactly("started");
  }

  @Test
  void tellingMakesNoNewsOfItsOwn() {
    whileFollowed(
        line -> {
          told.add(line);
          log.warn("told somebody: {}", line);
        },
        () -> log.warn("something"));

    assertThat(told).containsExactly("something");
  }
}
