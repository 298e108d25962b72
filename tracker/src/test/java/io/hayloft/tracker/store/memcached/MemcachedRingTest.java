package io.hayloft.tracker.store.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.store.cache.CacheException;
import io.hayloft.tracker.store.cache.CacheRing;
import io.hayloft.tracker.store.cache.CacheRing.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real memcached. */
class MemcachedRingTest {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final MemcachedRing.Timeouts PATIENT =
      new MemcachedRing.Timeouts(PATIENCE, PATIENCE);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final MemcachedServer server = MemcachedServer.start();
  private final List<CacheRing> rings = new ArrayList<>();

  private MemcachedRing ring(MemcachedRing.Timeouts timeouts) throws CacheException {
    var ring = MemcachedRing.open(List.of(server.address()), timeouts);
    rings.add(ring);
    return ring;
  }

  @AfterEach
  void close() {
    rings.forEach(CacheRing::close);
    server.close();
  }

  private static CacheRing.Key key(String entry) {
    return new CacheRing.Key("p", entry);
  }

  private static Optional<String> value(CacheRing ring, String entry) throws CacheException {
    return ring.gets(key(entry)).map(Held::value);
  }

  @Test
  void whatIsPutIsHeld() throws Exception {
    var ring = ring(PATIENT);
    assertThat(ring.gets(key("a"))).isEmpty();
    ring.put(key("a"), "1", MINUTE);

    assertThat(value(ring, "a")).contains("1");
    assertThat(value(ring(PATIENT), "a")).as("through another connection").contains("1");
    assertThat(ring.gets(new CacheRing.Key("q", "a"))).as("under another prefix").isEmpty();
  }

  @Test
  void addingLeavesWhatIsThere() throws Exception {
    var ring = ring(PATIENT);
    assertThat(ring.addAndGets(key("a"), "1", MINUTE).map(Held::value)).contains("1");
    assertThat(ring.addAndGets(key("a"), "2", MINUTE).map(Held::value)).contains("1");
  }

  @Test
  void replacingNeedsTheTokenOfWhatIsThere() throws Exception {
    var ring = ring(PATIENT);
    var first = ring.addAndGets(key("a"), "L", MINUTE).orElseThrow();
    ring.replace(key("a"), first, "V1", MINUTE);
    assertThat(value(ring, "a")).contains("V1");

    ring.replace(key("a"), first, "V2", MINUTE);
    assertThat(value(ring, "a")).as("touched since").contains("V1");

    var second = ring.gets(key("a")).orElseThrow();
    ring.put(key("a"), "V1", MINUTE);
    ring.replace(key("a"), second, "V3", MINUTE);
    assertThat(value(ring, "a")).as("touched by the same value").contains("V1");
  }

  @Test
  void itIsKeptAsLongAsAskedForAndThenGone() throws Exception {
    var ring = ring(PATIENT);
    long started = Time.system().nanoTime();
    ring.put(key("a"), "1", Duration.ofSeconds(1));
    await().atMost(PATIENCE).until(() -> ring.gets(key("a")).isEmpty());

    assertThat(Time.system().since(started)).isGreaterThan(Duration.ofMillis(950));
  }

  @Test
  void aServerThatIsAwayAtFirstIsUsedOnceItIsThere() throws Exception {
    server.stop();
    var ring = ring(PATIENT);
    assertThatThrownBy(() -> ring.put(key("a"), "1", MINUTE)).isInstanceOf(CacheException.class);
    server.startAgain();

    await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .until(
            () -> {
              ring.put(key("a"), "1", MINUTE);
              return value(ring, "a").isPresent();
            });
  }

  @Test
  void aServerThatHangsIsGivenUpInTime() throws Exception {
    var ring = ring(new MemcachedRing.Timeouts(Duration.ofMillis(12), Duration.ofMillis(24)));
    await().ignoreExceptions().until(() -> ring.gets(key("a")).isEmpty());
    server.hang();
    long started = Time.system().nanoTime();
    assertThatThrownBy(() -> ring.gets(key("a"))).isInstanceOf(CacheException.class);
    assertThatThrownBy(() -> ring.put(key("a"), "1", MINUTE)).isInstanceOf(CacheException.class);
    assertThat(Time.system().since(started)).isLessThan(Duration.ofMillis(500));

    server.goOn();
    await().ignoreExceptions().until(() -> value(ring, "b").isEmpty());
  }

  @Test
  void eachServerHasItsShareAndKeepsItWhenOthersCome() {
    var three = List.of("a:1", "b:1", "c:1");
    var counts = new HashMap<String, Integer>();
    int moved = 0;
    for (int i = 0; i < 3000; i++) {
      var place = MemcachedRing.place(three, "mogdevids:" + i);
      counts.merge(place, 1, Integer::sum);
      var wider = MemcachedRing.place(List.of("d:1", "c:1", "b:1", "a:1"), "mogdevids:" + i);
      if (!wider.equals(place)) {
        assertThat(wider).isEqualTo("d:1");
        moved++;
      }
    }
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(850, 1150));
    assertThat(moved).isBetween(600, 900);
  }
}
