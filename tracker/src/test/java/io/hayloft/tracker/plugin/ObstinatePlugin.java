package io.hayloft.tracker.plugin;

import io.hayloft.protocol.Reply;
import io.hayloft.tracker.model.Device;
import io.hayloft.tracker.model.StoredFile;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** A plugin whose opinions tests choose by the keys they send. Found as any other plugin is. */
public final class ObstinatePlugin implements Plugin {

  /** What any instance was told of, in its order. */
  public static final Queue<String> TOLD = new ConcurrentLinkedQueue<>();

  @Override
  public String name() {
    return "Obstinate";
  }

  @Override
  public Hooks start(Ground ground) {
    return new Opinions();
  }

  private static final class Opinions implements Hooks {

    private static Opinion judge(DomainRequest request) {
      var key = request.text("key");
      if (key.startsWith("alias:")) {
        return Opinion.rewritten(request.with("key", key.substring(6)).with("was", key));
      }
      return switch (key) {
        case "veto" -> Opinion.veto();
        case "reason" -> Opinion.veto("not on Sundays");
        case "boom" -> throw new IllegalStateException("out of order");
        case "hang" -> hang();
        default -> Opinion.none();
      };
    }

    private static Opinion hang() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Opinion.none();
    }

    @Override
    public Opinion createOpen(DomainRequest request) {
      return judge(request);
    }

    @Override
    public Opinion createClose(DomainRequest request) {
      return judge(request);
    }

    @Override
    public Opinion updateClass(DomainRequest request) {
      return judge(request);
    }

    @Override
    public Opinion delete(DomainRequest request) {
      return judge(request);
    }

    @Override
    public Opinion fileInfo(DomainRequest request) {
      return judge(request);
    }

    @Override
    public Opinion fileDebug(DomainRequest request) {
      return judge(request);
    }

    @Override
    public Opinion getPaths(DomainRequest request) {
      return judge(request);
    }

    @Override
    public boolean fileStored(DomainRequest request, StoredFile file) {
      TOLD.add("stored %s as %s, was %s".formatted(file.fid(), file.key(), request.text("was")));
      if (file.key().wire().equals("broken")) {
        throw new IllegalStateException("out of order");
      }
      return !file.key().wire().equals("unwanted");
    }

    @Override
    public void fileDeleted(DomainRequest request) {
      TOLD.add("deleted %s, was %s".formatted(request.text("key"), request.text("was")));
      if (request.text("key").equals("mourned")) {
        throw new IllegalStateException("out of order");
      }
    }

    private static List<Device> order(DomainRequest request, List<Device> devices) {
      return switch (request.domain().name()) {
        case "upwards" -> devices.stream().sorted(Comparator.comparing(Device::id)).toList();
        case "downwards" ->
            devices.stream().sorted(Comparator.comparing(Device::id).reversed()).toList();
        case "nowhere" -> List.of();
        case "broken" -> throw new IllegalStateException("out of order");
        default -> devices;
      };
    }

    @Override
    public List<Device> orderForUpload(DomainRequest request, List<Device> devices) {
      return order(request, devices);
    }

    @Override
    public List<Device> orderForReading(DomainRequest request, List<Device> devices) {
      return order(request, devices);
    }

    @Override
    public Map<String, PluginCommand> commands() {
      return Map.of(
          "say",
          request ->
              Reply.ok()
                  .with("domain", request.domain().name())
                  .with("arg1", request.text("arg1"))
                  .build(),
          "fall",
          request -> {
            throw new IllegalStateException("out of order");
          });
    }
  }
}
