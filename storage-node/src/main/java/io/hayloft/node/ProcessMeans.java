package io.hayloft.node;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What this process has, as the JVM says. */
final class ProcessMeans {

  private ProcessMeans() {}

  static Capacity.Means read() {
    long heap = Runtime.getRuntime().maxMemory();
    return new Capacity.Means(heap, direct(heap), files());
  }

  /** The heap's limit where nothing else is said. */
  private static long direct(long heap) {
    var diagnostic = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long said = Long.parseLong(diagnostic.getVMOption("MaxDirectMemorySize").getValue());
    return said == 0 ? heap : said;
  }

  private static long files() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount()
        : Integer.MAX_VALUE;
  }
}
