package io.hayloft.tracker.node;

import io.hayloft.protocol.DeviceId;
import io.hayloft.tracker.model.Host;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where every host runs some other server. */
public final class NoNativeNodes implements NativeNodes {

  @Override
  public boolean isNative(Host host) {
    return false;
  }

  @Override
  public Map<DeviceId, DeviceAnswer> devices(Host host) throws IOException {
    throw foreign(host);
  }

  @Override
  public Manifest manifest(Host host, DeviceId device, Extent extent) throws IOException {
    throw foreign(host);
  }

  @Override
  public Set<Place> quarantine(Host host, List<Place> places, String why) throws IOException {
    throw foreign(host);
  }

  @Override
  public List<Finding> findings(Host host) throws IOException {
    throw foreign(host);
  }

  @Override
  public void acknowledge(Host host, List<Finding> findings) throws IOException {
    throw foreign(host);
  }

  private static IOException foreign(Host host) {
    return new IOException(host.name() + " is another server");
  }
}
