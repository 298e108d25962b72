package io.hayloft.tracker.plugin;

import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.StoredFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a plugin is asked. Each question has an answer that means "no opinion"; a plugin overrides
 * those it has one on. Where several plugins run, they are asked in the order of the configuration,
 * each about what the one before it made of the request.
 *
 * <p>Requests come here after their domain was found and before anything else of them was looked
 * at, so a rewritten key is the one that counts.
 *
 * <p>Implementers owe an answer within two seconds, for a client waits three; they are called by
 * many threads at once. What they throw, or an answer that does not come in time, fails the one
 * request and is logged; it never harms the tracker.
 */
public interface Hooks {

  /** No opinion on anything. */
  Hooks NONE = new Hooks() {};

  /** An upload is to begin: {@code cmd_create_open}. The reason of a veto reaches the client. */
  default Opinion createOpen(DomainRequest request) {
    return Opinion.none();
  }

  /** An upload is to end, or to be given up: {@code cmd_create_close}. */
  default Opinion createClose(DomainRequest request) {
    return Opinion.none();
  }

  /**
   * A file was stored, and its key stands for it: {@code file_stored}.
   *
   * @param request the close as {@link #createClose} left it, arguments that only a plugin knows
   *     included
   * @return false to have the file deleted again; the client hears {@code plugin_aborted}
   */
  default boolean fileStored(DomainRequest request, StoredFile file) {
    return true;
  }

  /** A file is to get another class: {@code cmd_updateclass}. */
  default Opinion updateClass(DomainRequest request) {
    return Opinion.none();
  }

  /** A file is to be deleted: {@code cmd_delete}. */
  default Opinion delete(DomainRequest request) {
    return Opinion.none();
  }

  /**
   * A file was deleted. Called at most once for each, and not at all when the tracker dies just
   * then.
   *
   * @param request the request as {@link #delete} left it
   */
  default void fileDeleted(DomainRequest request) {}

  /** {@code cmd_file_info}. */
  default Opinion fileInfo(DomainRequest request) {
    return Opinion.none();
  }

  /** {@code cmd_file_debug}, where it names a key; the key is known to be there. */
  default Opinion fileDebug(DomainRequest request) {
    return Opinion.none();
  }

  /** {@code cmd_get_paths}, which is asked for {@code edit_file} as well. */
  default Opinion getPaths(DomainRequest request) {
    return Opinion.none();
  }

  /**
   * Where an upload may go, best first: {@code cmd_create_open_order_devices}. Of the order that
   * comes back the tracker takes the first device, or the first three on different hosts.
   *
   * @param devices those that may take the file, the emptier tending to the front
   * @return some or all of them in another order; others are not looked at
   */
  default List<Device> orderForUpload(DomainRequest request, List<Device> devices) {
    return devices;
  }

  /**
   * Where a client should read, best first: {@code cmd_get_paths_order_devices}.
   *
   * @param devices those that have the file, idle ones tending to the front
   * @return some or all of them in another order; others are not looked at
   */
  default List<Device> orderForReading(DomainRequest request, List<Device> devices) {
    return devices;
  }

  /**
   * Which replica to copy from, best first: {@code replicate_order_final_choices}.
   *
   * @param sources those that can be read now
   * @return some or all of them in another order; others are not looked at
   */
  default List<Device> orderSources(StoredFile file, List<Device> sources, ClusterView cluster) {
    return sources;
  }

  /**
   * Another way to the host that a replica is copied from, as through a network between nodes:
   * {@code replicate_alternate_source}. The path on it stays the same.
   */
  default Optional<HostAddresses> alternateSource(
      StoredFile file, Device source, ClusterView cluster) {
    return Optional.empty();
  }

  /**
   * Commands of its own, without the {@code plugin_} that clients put before them. Asked for once,
   * at the start.
   */
  default Map<String, PluginCommand> commands() {
    return Map.of();
  }
}
