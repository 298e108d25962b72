package io.hayloft.node.requests;

import io.hayloft.node.blob.DiskException;
import io.hayloft.node.blob.RequestPath;
import io.hayloft.protocol.DeviceId;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code POST /-/check}: tries out devices whose syncs cannot be believed any more, one after the
 * other, and lets those that pass take changes again.
 */
public final class Checks {

  private static final int UNDER_WAY = 4;

  private final Ground ground;

  public Checks(Ground ground) {
    this.ground = ground;
  }

  public NativeRequest request() {
    return new NativeRequest("POST", "check", false, UNDER_WAY, this::read);
  }

  private NativeRequest.Work read(Asked asked) throws BadRequestException {
    var devices = new ArrayList<DeviceId>();
    for (var line : asked.lines()) {
      devices.add(
          RequestPath.device(line)
              .orElseThrow(() -> new BadRequestException("Not a device: " + Words.reason(line))));
    }
    return answer -> checkAll(List.copyOf(devices), answer);
  }

  private void checkAll(List<DeviceId> devices, Answer answer) throws InterruptedException {
    for (var device : devices) {
      answer.line(device.directory() + " " + check(device));
    }
  }

  private String check(DeviceId device) throws InterruptedException {
    try {
      var hasPassed =
          ground
              .share()
              .run(
                  device,
                  () -> {
                    if (!ground.store().hasDisk(device)) {
                      return false;
                    }
                    ground.store().check(device);
                    return true;
                  });
      return hasPassed ? "trusted" : "failed there is no device " + device.directory();
    } catch (DiskException e) {
      ground.complaints().report(device, e, "check");
      return "failed " + Words.reason(e);
    }
  }
}
