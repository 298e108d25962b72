package io.hayloft.client;

import io.hayloft.client.net.NodeHttp;
import io.hayloft.protocol.Key;
import io.hayloft.protocol.WireText;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Keeps files under keys, in one domain of a Hayloft or MogileFS installation.
 *
 * <p>One instance serves a whole application: it is thread-safe, keeps its connections, and starts
 * no threads. Every method runs on the caller's thread, ends by its time-outs whatever the network
 * does, and ends early with a failure when the thread is interrupted. Streams it hands out are for
 * one thread at a time.
 *
 * <p>A key is given as text, which is stored as UTF-8, or as a {@link Key} of any bytes; a text
 * that is empty or longer than 255 bytes is an {@link IllegalArgumentException}. All other failures
 * are {@link HayloftException}s, except those of the application's own files and streams, which
 * come through as they are.
 *
 * <p>What is repeated by the client itself is said at each method; a limit applies everywhere
 * ({@link Limits}). All methods try all trackers until one answers.
 */
public final class Hayloft implements AutoCloseable {

  private final Trackers trackers;
  private final NodeHttp nodes;
  private final Lookups lookups;
  private final Uploads uploads;
  private final Downloads downloads;
  private final Changes changes;
  private final Limits limits;
  private final ReadOptions reading;

  Hayloft(ClientSettings settings, Namespace names, ReadOptions reading) {
    this.trackers = new Trackers(settings, Trackers.Order.ROTATE);
    this.nodes =
        new NodeHttp(
            settings.world(), settings.timeouts().connect(), settings.timeouts().transfer());
    this.limits = settings.limits();
    this.reading = reading;
    this.lookups = new Lookups(trackers, names);
    this.downloads = new Downloads(nodes, lookups);
    this.changes = new Changes(trackers, names, lookups);
    this.uploads =
        new Uploads(
            trackers, nodes, names, lookups, new Uploads.Settings(limits, settings.world()));
  }

  /** Begins a client: name the trackers and the domain, then build. */
  public static HayloftBuilder builder() {
    return new HayloftBuilder();
  }

  /** Stores an array; see {@link #store(Key, Source, StoreOptions)}. */
  public Stored store(String key, byte[] bytes) throws IOException {
    return store(Key.utf8(key), Source.of(bytes), StoreOptions.DEFAULT);
  }

  /** Stores a file; see {@link #store(Key, Source, StoreOptions)}. */
  public Stored store(String key, Path file) throws IOException {
    return store(Key.utf8(key), Source.of(file), StoreOptions.DEFAULT);
  }

  /** Stores a stream up to its end; see {@link #store(Key, Source, StoreOptions)}. */
  public Stored store(String key, InputStream stream) throws IOException {
    return store(Key.utf8(key), Source.of(stream), StoreOptions.DEFAULT);
  }

  /** Stores a stream of exactly this length; see {@link #store(Key, Source, StoreOptions)}. */
  public Stored store(String key, InputStream stream, long length) throws IOException {
    return store(Key.utf8(key), Source.of(stream, length), StoreOptions.DEFAULT);
  }

  /** Stores a file; see {@link #store(Key, Source, StoreOptions)}. */
  public Stored store(String key, Source source, StoreOptions options) throws IOException {
    return store(Key.utf8(key), source, options);
  }

  /**
   * Stores a file. A file that had the key is replaced; readers see the one or the other, whole.
   *
   * <p>Repeated by itself: on other storage nodes, and once as a new upload, as far as the source
   * can be read again. A lost answer to the last step is settled by looking; where that fails too,
   * {@link OutcomeUnknownException} is thrown. Storing again is then safe unless others write to
   * the same key.
   *
   * @throws IOException also when the source cannot be read, or has not the length it should have;
   *     nothing is stored then
   */
  public Stored store(Key key, Source source, StoreOptions options) throws IOException {
    return uploads.store(key, source, options);
  }

  /** Opens a file; see {@link #open(Key, ReadOptions)}. */
  public InputStream open(String key) throws IOException {
    return open(Key.utf8(key), reading);
  }

  /**
   * Opens a file for reading from its first byte.
   *
   * <p>The stream goes on with another copy, at the same byte, when one fails. It ends only after
   * all of the file's bytes, and never hands out the last of them when the checksum the trackers
   * keep is another ({@link DamagedFileException}). It holds a connection until it is read to its
   * end or closed.
   *
   * @throws FileMissingException when there is no such file
   * @throws UnreachableException when no copy can be read; from the stream's methods as well
   */
  public InputStream open(Key key, ReadOptions options) throws IOException {
    return downloads.open(key, options);
  }

  /** Opens part of a file; see {@link #openRange(Key, long, long, ReadOptions)}. */
  public InputStream openRange(String key, long offset, long length) throws IOException {
    return openRange(Key.utf8(key), offset, length, reading);
  }

  /**
   * Opens part of a file: {@code length} bytes from the one at {@code offset}, fewer where the file
   * ends before, none where it ends before {@code offset}. As {@link #open(Key, ReadOptions)}, but
   * a checksum is only compared when the part is the whole.
   */
  public InputStream openRange(Key key, long offset, long length, ReadOptions options)
      throws IOException {
    return downloads.openRange(key, offset, length, options);
  }

  /** Reads a file no longer than {@link Limits#readBytes}. */
  public byte[] read(String key) throws IOException {
    return read(Key.utf8(key), limits.readBytes(), reading);
  }

  /**
   * Reads a whole file. A copy whose checksum is wrong is passed over for another.
   *
   * @param limit the most bytes the file may have; a longer one is refused before any is read
   */
  public byte[] read(Key key, int limit, ReadOptions options) throws IOException {
    return downloads.read(key, limit, options);
  }

  /** Reads a file into a file; see {@link #fetch(Key, Path, ReadOptions)}. */
  public void fetch(String key, Path target) throws IOException {
    fetch(Key.utf8(key), target, reading);
  }

  /**
   * Reads a whole file into a file, which appears under its name only when it is complete,
   * replacing the one that was there. A copy whose checksum is wrong is passed over for another.
   */
  public void fetch(Key key, Path target, ReadOptions options) throws IOException {
    downloads.fetch(key, target, options);
  }

  /** Where a file can be read by HTTP, best first; see {@link #paths(Key, PathOptions)}. */
  public List<URI> paths(String key) throws HayloftException {
    return paths(Key.utf8(key), PathOptions.DEFAULT);
  }

  /**
   * Where a file can be read by HTTP, best first. Empty when the trackers know the file but no copy
   * of it that can be read now. Changes nothing and is repeated freely.
   *
   * @throws FileMissingException when there is no such file
   */
  public List<URI> paths(Key key, PathOptions options) throws HayloftException {
    return lookups.paths(key, options);
  }

  /** What the trackers know of a file; empty when there is none. */
  public Optional<FileInfo> info(String key) throws HayloftException {
    return info(Key.utf8(key));
  }

  /** What the trackers know of a file, the devices it is on among it; empty when there is none. */
  public Optional<FileInfo> info(Key key) throws HayloftException {
    return lookups.info(key, true);
  }

  /** Whether there is a file of that key. Changes nothing and is repeated freely. */
  public boolean exists(String key) throws HayloftException {
    return exists(Key.utf8(key));
  }

  /** Whether there is a file of that key. Changes nothing and is repeated freely. */
  public boolean exists(Key key) throws HayloftException {
    return lookups.info(key, false).isPresent();
  }

  /** All keys that begin with a text; see {@link #list(String, Optional)}. */
  public Stream<Key> list(String prefix) {
    return list(prefix, Optional.empty());
  }

  /**
   * The keys that begin with a text and come after {@code after}, in ascending order of their
   * bytes. They are asked for a thousand at a time, when they are needed; so files stored or
   * deleted meanwhile may or may not be among them. A failure comes out of the stream's methods as
   * an {@link java.io.UncheckedIOException} around a {@link HayloftException}. Repeated freely.
   *
   * @param prefix may be empty, for all keys
   */
  public Stream<Key> list(String prefix, Optional<Key> after) {
    var pages = new KeyPages(lookups, WireText.ofText(prefix), after);
    var order = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pages, order), false);
  }

  /** Gives a file another key; see {@link #rename(Key, Key)}. */
  public void rename(String from, String to) throws HayloftException {
    rename(Key.utf8(from), Key.utf8(to));
  }

  /**
   * Gives a file another key, unless that is taken ({@code key_exists}). Not repeated once it has
   * been sent: a lost answer is an {@link OutcomeUnknownException}.
   *
   * @throws FileMissingException when there is no such file
   */
  public void rename(Key from, Key to) throws HayloftException {
    changes.rename(from, to);
  }

  /** Removes a file; see {@link #delete(Key)}. */
  public boolean delete(String key) throws HayloftException {
    return delete(Key.utf8(key));
  }

  /**
   * Removes a file. Not repeated once it has been sent, because a file stored under the key
   * meanwhile would be lost; when the answer is lost but the key is found to be gone, that counts
   * as removed.
   *
   * @return false when there was none
   */
  public boolean delete(Key key) throws HayloftException {
    return changes.delete(key);
  }

  /** Moves a file to another class; see {@link #changeClass(Key, String)}. */
  public void changeClass(String key, String fileClass) throws HayloftException {
    changeClass(Key.utf8(key), fileClass);
  }

  /**
   * Moves a file to another class of its domain, and so to as many copies as that asks for. Not
   * repeated once it has been sent; when the answer is lost but the file is found to be in the
   * class, that counts as done.
   *
   * @throws FileMissingException when there is no such file
   */
  public void changeClass(Key key, String fileClass) throws HayloftException {
    changes.changeClass(key, fileClass);
  }

  /** Closes all connections that are not in use. Streams still open stay readable. */
  @Override
  public void close() {
    trackers.close();
    nodes.close();
  }
}
