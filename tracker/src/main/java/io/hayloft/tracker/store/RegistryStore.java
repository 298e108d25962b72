package io.hayloft.tracker.store;

import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.HashAlgorithm;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DeviceStatus;
import io.hayloft.tracker.model.Domain;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.FileClass;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Registry;
import io.hayloft.tracker.model.Space;
import java.util.Map;
import java.util.Optional;

/**
 * What operators set up. Names and addresses that must be unique and are not end in a {@link
 * StoreException} with {@link StoreException.Cause#DUPLICATE}.
 */
public interface RegistryStore {

  /** Everything, as of one moment. */
  Registry load();

  Domain createDomain(String name);

  /** How the removal of a domain or class ended. */
  enum Removal {
    REMOVED,
    HAS_FILES,
    HAS_CLASSES
  }

  /** Removes a domain and the row of its class {@code default}, unless it has files or classes. */
  Removal deleteDomain(DomainId domain);

  /**
   * Adds a class with the next free number; one called {@code default} gets 0.
   *
   * @return the class as stored
   */
  FileClass createClass(DomainId domain, ClassTerms terms);

  /** What an operator says of a class. */
  record ClassTerms(
      String name, int mindevcount, Optional<String> policy, Optional<HashAlgorithm> hash) {}

  /** Writes all terms of an existing class. */
  void updateClass(DomainId domain, FileClass newer);

  Removal deleteClass(DomainId domain, ClassId id);

  HostId createHost(String name, HostStatus status, HostAddresses addresses);

  void updateHost(HostId host, HostStatus status, HostAddresses addresses);

  /** Removes a host; false when a device row refers to it. */
  boolean deleteHost(HostId host);

  void createDevice(DeviceId device, HostId host, DeviceStatus status);

  void setStatus(DeviceId device, DeviceStatus status);

  void setWeight(DeviceId device, int weight);

  void saveSpace(Map<DeviceId, Space> space);

  /** Sets a setting, or removes it when there is no value. */
  void set(String setting, Optional<String> value);

  /** Adds one to a setting that is a number, in one step; one that is not there becomes 1. */
  void increment(String setting);

  /** A setting's value now, not as of the last reading. */
  Optional<String> setting(String name);
}
