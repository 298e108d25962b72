package io.hayloft.bench.growth;

import io.hayloft.bench.database.BenchDatabase;
import io.hayloft.bench.database.BenchDatabase.Place;
import io.hayloft.bench.loop.Outcome;
import io.hayloft.bench.measure.Latencies;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Key;
import io.hayloft.runtime.task.Tasks;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.store.ChangeListener;
import io.hayloft.tracker.store.UploadStore;
import io.hayloft.tracker.store.UploadStore.Closing;
import io.hayloft.tracker.store.UploadStore.Finished;
import io.hayloft.tracker.store.UploadStore.Opening;
import io.hayloft.tracker.store.jdbc.DatabaseConfig;
import io.hayloft.tracker.store.jdbc.JdbcStores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/**
 * Uploads without their bytes: what {@code create_open} and {@code create_close} do in the
 * database, by the tracker's own store with its batches, in this process. So what is measured is
 * how fast the database takes files, not sockets and nodes.
 */
final class Storing implements AutoCloseable {

  private final JdbcStores stores;
  private final UploadStore uploads;
  private final Place place;
  private final List<DeviceId> devices;
  private final Tasks tasks;
  private final Time time;

  /**
   * @param devices that files may lie on
   */
  Storing(BenchDatabase database, Place place, List<DeviceId> devices, Tasks tasks, Time time) {
    var config = DatabaseConfig.of(database.url(), BenchDatabase.USER, BenchDatabase.PASSWORD);
    this.stores =
        JdbcStores.open(
            config, new SimpleMeterRegistry(), ChangeListener.NONE, tasks.executor("leader"));
    this.uploads = stores.stores().uploads();
    this.place = place;
    this.devices = List.copyOf(devices);
    this.tasks = tasks;
    this.time = time;
  }

  /**
   * Clients that each store one file after the other.
   *
   * @param keys the key of each of the files, by its number; the number counts on from run to run
   */
  Outcome run(int clients, LongFunction<String> keys, AtomicLong next, Duration length)
      throws InterruptedException {
    var latencies = new Latencies();
    long begun = time.nanoTime();
    tasks.forEach(
        IntStream.range(0, clients).boxed().toList(),
        clients,
        client -> {
          while (time.since(begun).compareTo(length) < 0) {
            long started = time.nanoTime();
            store(keys.apply(next.getAndIncrement()));
            long took = time.nanoTime() - started;
            synchronized (latencies) {
              latencies.add(took);
            }
          }
          return client;
        });
    return new Outcome(latencies, time.since(begun).toNanos());
  }

  private void store(String key) {
    var domain = new DomainId(place.domain());
    var fileClass = new ClassId(place.fileClass());
    var fid =
        uploads
            .open(new Opening(domain, fileClass, key, devices), Optional.empty())
            .orElseThrow(() -> new IllegalStateException("no number for " + key));
    var file =
        new StoredFile(
            fid, new StoredFile.Name(domain, new Key(key)), Growing.FILE_BYTES, fileClass, 1);
    var device = devices.get((int) (fid.value() % devices.size()));
    var end = uploads.close(new Finished(file, device, Optional.empty()));
    if (!end.equals(new Closing.Closed(Optional.empty()))) {
      throw new IllegalStateException(key + " was not stored: " + end);
    }
  }

  @Override
  public void close() {
    stores.close();
  }
}
