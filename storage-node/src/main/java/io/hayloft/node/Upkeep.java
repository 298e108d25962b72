package io.hayloft.node;

import io.hayloft.node.StorageNode.Surroundings;
import io.hayloft.node.blob.BlobStore;
import io.hayloft.node.blob.DeviceIdentities;
import io.hayloft.node.blob.Docroot;
import io.hayloft.node.device.Background;
import io.hayloft.node.device.Devices;
import io.hayloft.node.device.DiskComplaints;
import io.hayloft.node.device.DiskLanes;
import io.hayloft.node.inventory.Manifests;
import io.hayloft.node.quarantine.QuarantineRequests;
import io.hayloft.node.quarantine.Retention;
import io.hayloft.node.requests.NativeRequest;
import io.hayloft.node.scrub.FindingRequests;
import io.hayloft.node.scrub.Findings;
import io.hayloft.node.scrub.Scrub;
import io.hayloft.runtime.worker.Crew;
import io.hayloft.runtime.worker.Worker;
import java.util.ArrayList;
import java.util.List;

/**
 * The half of the wiring that lets a node know and look after what it stores: listings, quarantine,
 * scrub. {@link StorageNode} starts and ends it.
 */
final class Upkeep implements AutoCloseable {

  private final List<NativeRequest> requests = new ArrayList<>();
  private final Scrub scrub;
  private final Crew scrubCrew;
  private final Crew retentionCrew;

  /** What it works on. */
  record Parts(
      Docroot docroot,
      DeviceIdentities identities,
      BlobStore store,
      Devices devices,
      DiskLanes lanes,
      DiskComplaints complaints) {}

  Upkeep(StorageNodeConfig config, Parts parts, Surroundings surroundings) {
    var time = surroundings.time();
    var complaints = parts.complaints();
    var background = new Background(parts.lanes(), time);
    var quarantine = parts.store().quarantine();
    var findings = new Findings(parts.docroot());
    requests.add(
        new Manifests(parts.docroot(), parts.identities(), background, complaints, time).request());
    requests.addAll(new QuarantineRequests(quarantine, background, complaints).all());
    requests.addAll(new FindingRequests(findings, background, complaints).all());
    scrub =
        new Scrub(
            new Scrub.Settings(config.scrub().rateBytes(), config.scrub().every()),
            parts.docroot(),
            parts.devices(),
            new Scrub.Ground(
                parts.store(), parts.identities(), findings, background, complaints, time),
            surroundings.tasks(),
            surroundings.meters());
    scrubCrew = crew("scrub", surroundings, scrub);
    retentionCrew =
        crew(
            "quarantine",
            surroundings,
            new Retention(
                quarantine,
                parts.devices(),
                background,
                complaints,
                config.quarantine().retention(),
                time));
  }

  private static Crew crew(String job, Surroundings surroundings, Worker worker) {
    return new Crew(
        job, () -> worker, surroundings.tasks(), surroundings.time(), surroundings.random());
  }

  /** What trackers may ask. */
  List<NativeRequest> requests() {
    return List.copyOf(requests);
  }

  void start() {
    scrubCrew.want(1);
    retentionCrew.want(1);
  }

  @Override
  public void close() {
    scrubCrew.close();
    retentionCrew.close();
    scrub.close();
  }
}
