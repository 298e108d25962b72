package io.hayloft.tracker.work.soak;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.StoredFile;
import io.hayloft.tracker.node.MemoryNodes;
import io.hayloft.tracker.store.FileStore.Rename;
import io.hayloft.tracker.store.Stores;
import io.hayloft.tracker.store.UploadStore.Closing;
import io.hayloft.tracker.store.UploadStore.Finished;
import io.hayloft.tracker.store.UploadStore.Opening;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Applications that store, replace, delete and rename files, and remember what they were told. What
 * was acknowledged holds: of several changes of one key in a round, one of the acknowledged ones.
 */
final class Clients {

  private final Stores stores;
  private final DomainId domain;
  private final MemoryNodes disks;
  private final Ledger ledger;
  private final Map<String, Fid> files = new TreeMap<>();
  private final Map<String, Changes> changes = new ConcurrentHashMap<>();

  /** What was done to one key in this round. */
  private static final class Changes {
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger deletions = new AtomicInteger();
    private final Queue<Fid> closed = new ConcurrentLinkedQueue<>();
  }

  Clients(Stores stores, DomainId domain, MemoryNodes disks, Ledger ledger) {
    this.stores = stores;
    this.domain = domain;
    this.disks = disks;
    this.ledger = ledger;
  }

  /** The files that there are, as far as clients were told. */
  Map<String, Fid> files() {
    return files;
  }

  /** Says that a key will be changed in this round: its file is not guarded meanwhile. */
  void announce(String key) {
    changes.computeIfAbsent(key, _ -> new Changes()).begun.incrementAndGet();
    var fids = new TreeMap<>(files);
    fids.keySet().removeAll(changes.keySet());
    ledger.guardOnly(fids.values());
  }

  boolean isAnnounced(String key) {
    return changes.containsKey(key);
  }

  private Changes of(String key) {
    return changes.computeIfAbsent(key, _ -> new Changes());
  }

  /** Stores a file under a key that was announced. */
  void store(String key, ClassId fileClass, DeviceId device) {
    var fid = open(key, fileClass, device);
    var file =
        new StoredFile(
            fid,
            new StoredFile.Name(domain, new Key(key)),
            Ledger.content(fid).length,
            fileClass,
            1);
    boolean isAlone = of(key).begun.get() == 1;
    if (isAlone) {
      ledger.guard(fid);
    }
    var closing = stores.uploads().close(new Finished(file, device, Optional.empty()));
    if (closing instanceof Closing.Closed) {
      of(key).closed.add(fid);
    } else {
      ledger.violation("a close that nobody competes for: " + closing);
    }
  }

  /** An upload that is never closed, and was begun long ago. */
  void abandon(DeviceId device, Consumer<Fid> age) {
    age.accept(open("abandoned", ClassId.DEFAULT, device));
  }

  private Fid open(String key, ClassId fileClass, DeviceId device) {
    var opening = new Opening(domain, fileClass, key, List.of(device));
    var fid = stores.uploads().open(opening, Optional.empty()).orElseThrow();
    disks.store(device.value(), fid.value(), Ledger.content(fid));
    return fid;
  }

  /** Deletes a key that was announced. */
  void delete(String key) {
    if (stores.files().delete(domain, new Key(key))) {
      of(key).deletions.incrementAndGet();
    }
  }

  void reclass(String key, ClassId to) {
    var _ = stores.files().changeClass(domain, new Key(key), to);
  }

  /** Renames a file that nobody else changes in this round; to be called alone. */
  void rename(String from, String to) {
    var fid = files.get(from);
    var renamed = stores.files().rename(domain, new Key(from), new Key(to));
    var expected =
        fid == null
            ? Rename.NO_SUCH_KEY
            : files.containsKey(to) ? Rename.TARGET_EXISTS : Rename.RENAMED;
    if (renamed != expected) {
      ledger.violation("renaming " + from + " to " + to + " is " + renamed + ", not " + expected);
    }
    if (renamed == Rename.RENAMED && fid != null) {
      files.remove(from);
      files.put(to, fid);
    }
  }

  /** Compares what is there with what was acknowledged, when the round is over. */
  void settle() {
    changes.forEach(this::settle);
    changes.clear();
    ledger.guardOnly(files.values());
  }

  private void settle(String key, Changes made) {
    var found = stores.files().find(domain, new Key(key)).map(StoredFile::fid);
    var before = Optional.ofNullable(files.get(key));
    boolean isChanged = !made.closed.isEmpty() || made.deletions.get() > 0;
    boolean isRight =
        isChanged
            ? found.map(made.closed::contains).orElse(made.deletions.get() > 0)
            : found.equals(before);
    if (!isRight) {
      ledger.violation(
          "%s is %s after %d deletions and the closes of %s; it was %s"
              .formatted(key, found, made.deletions.get(), made.closed, before));
    }
    found.ifPresentOrElse(fid -> files.put(key, fid), () -> files.remove(key));
  }
}
