package io.hayloft.tracker.plugin;

import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.StoredFile;
import java.util.List;
import java.util.Optional;

/** What plugins have to say on where copies are read from. Never fails: no opinion is an answer. */
public interface CopySources {

  /** No opinion. */
  CopySources USUAL =
      new CopySources() {
        @Override
        public List<Device> orderSources(
            StoredFile file, List<Device> sources, ClusterView cluster) {
          return sources;
        }

        @Override
        public Optional<HostAddresses> alternateSource(
            StoredFile file, Device source, ClusterView cluster) {
          return Optional.empty();
        }
      };

  /** Some or all of the devices, the one to read from first. */
  List<Device> orderSources(StoredFile file, List<Device> sources, ClusterView cluster)
      throws InterruptedException;

  /** Another way to the host of a source; empty for the usual one. */
  Optional<HostAddresses> alternateSource(StoredFile file, Device source, ClusterView cluster)
      throws InterruptedException;
}
