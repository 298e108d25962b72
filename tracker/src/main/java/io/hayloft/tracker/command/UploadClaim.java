package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.BOGUS_ARGS;
import static io.hayloft.protocol.ErrorCode.INVALID_CHECKSUM_FORMAT;
import static io.hayloft.protocol.ErrorCode.NO_DEVID;
import static io.hayloft.protocol.ErrorCode.NO_FID;
import static io.hayloft.protocol.ErrorCode.NO_PATH;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.model.ClassId;
import io.hayloft.tracker.model.DomainId;
import io.hayloft.tracker.model.HostId;
import io.hayloft.tracker.node.Place;
import java.util.Optional;

/**
 * What a client says it stored, as far as the request alone can be checked.
 *
 * @param size as the client says; not above 0 when it does not say
 */
record UploadClaim(Place place, String url, long size, Optional<Checksum> checksum) {

  static UploadClaim of(Call call) {
    refuseUnless(call.flag("fid"), NO_FID);
    refuseUnless(call.flag("devid"), NO_DEVID);
    refuseUnless(call.flag("path"), NO_PATH);
    var checksum = Optional.<Checksum>empty();
    if (call.flag("checksum")) {
      checksum = Checksum.parse(call.text("checksum"));
      refuseUnless(checksum.isPresent(), INVALID_CHECKSUM_FORMAT);
    }
    var place = place(call).orElseThrow(() -> new Refused(BOGUS_ARGS));
    var url = place.host().writeUrl(place.path(), call.caller());
    refuseUnless(url.equals(call.text("path")), BOGUS_ARGS);
    return new UploadClaim(place, url, call.arguments().number("size"), checksum);
  }

  private static void refuseUnless(boolean condition, ErrorCode code) {
    if (!condition) {
      throw new Refused(code);
    }
  }

  private static Optional<Place> place(Call call) {
    var fid = call.fid("fid");
    var device = call.device("devid");
    if (fid.isEmpty() || device.isEmpty()) {
      return Optional.empty();
    }
    return call.find(view -> view.hostOf(device.get()))
        .map(host -> Place.of(host, device.get(), fid.get()));
  }

  Fid fid() {
    return place.path().fid();
  }

  DeviceId device() {
    return place.path().device();
  }

  HostId host() {
    return place.host().id();
  }

  /** Whether that is the length, as far as the client says. */
  boolean fits(long length) {
    return size <= 0 || size == length;
  }

  /** The digest goes with the file only where its class keeps digests of that kind. */
  Optional<Checksum> checksumToKeep(Call call, DomainId domain, ClassId fileClass) {
    return checksum.filter(
        given ->
            call.find(view -> view.fileClass(domain, fileClass))
                .flatMap(found -> found.hash())
                .filter(kept -> kept == given.algorithm())
                .isPresent());
  }
}
