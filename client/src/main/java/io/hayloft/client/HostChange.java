package io.hayloft.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What to set of a host. Only what is named here is sent; a new host needs at least an address and
 * a port.
 *
 * @param name the host's name, which cannot be changed
 * @param values by the tracker's names for them
 */
public record HostChange(String name, Map<String, String> values) {

  public HostChange {
    values = Map.copyOf(values);
  }

  public static HostChange of(String name) {
    return new HostChange(name, Map.of());
  }

  public HostChange ip(String address) {
    return with("ip", address);
  }

  public HostChange port(int port) {
    return with("port", Integer.toString(port));
  }

  /** The port for reading, where that is another. */
  public HostChange getPort(int port) {
    return with("getport", Integer.toString(port));
  }

  public HostChange alternateIp(String address) {
    return with("altip", address);
  }

  /** Which clients are to use the alternate address. */
  public HostChange alternateMask(String mask) {
    return with("altmask", mask);
  }

  public HostChange state(HostState state) {
    return with("status", state.wire());
  }

  private HostChange with(String field, String value) {
    var more = new LinkedHashMap<>(values);
    more.put(field, value);
    return new HostChange(name, more);
  }
}
