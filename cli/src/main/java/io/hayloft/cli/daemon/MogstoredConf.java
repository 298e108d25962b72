package io.hayloft.cli.daemon;

import io.hayloft.runtime.config.ConfigException;
import io.hayloft.runtime.config.ConfigProblem;
import io.hayloft.runtime.config.ConfigProblem.Code;
import io.hayloft.runtime.config.OriginalConfig;
import io.hayloft.runtime.config.OriginalConfig.Comments;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the settings of the original's storage daemon become here: the keys of {@code
 * mogstored.conf}, and its environment variables.
 */
final class MogstoredConf {

  private static final Logger log = LoggerFactory.getLogger(MogstoredConf.class);

  private static final String SERVER_TYPE = "MOGSTORED_SERVER_TYPE";

  private static final String OF_THE_PROCESS =
      "it is for the program mogstored, which starts a node; hayloft node stays in the foreground,"
          + " under a service manager";

  /** Ours of the same meaning. */
  private static final String USAGE_ONLY = "HAYLOFT_USAGE_ONLY";

  private static final String VIA_DU = "HAYLOFT_USAGE_VIA_DU";

  private static final Map<String, String> WITHOUT_EFFECT =
      Map.of(
          "MOG_IOSTAT_CMD", "the node reads the kernel's own figures",
          "MOGSTORED_RUN_WITHOUT_AIO", "there is nothing to do without");

  private MogstoredConf() {}

  /** How such a file is read. */
  static OriginalConfig format() {
    return OriginalConfig.builder(Comments.ANYWHERE)
        .key("httplisten", "http.listen")
        .key("mgmtlisten", "side.listen")
        .key("docroot", "docroot")
        .key("maxconns", "http.max_connections")
        .converted("server", "usage.only", MogstoredConf::servesNoFiles)
        .ignored("serverbin", "the node is its own HTTP server")
        .ignored("iostat", "the node reads the kernel's own figures")
        .ignored("daemonize", OF_THE_PROCESS)
        .ignored("pidfile", OF_THE_PROCESS)
        .build();
  }

  /**
   * The servers that the original could start are all replaced by the node itself, on the same port
   * and with the same files. Only where it was told to start none does somebody else serve them.
   */
  private static String servesNoFiles(String server) {
    return switch (server.strip().toLowerCase(Locale.ROOT)) {
      case "none" -> "yes";
      case "perlbal", "lighttpd", "apache", "nginx" -> "no";
      default ->
          throw new IllegalArgumentException(
              "is none of perlbal, lighttpd, apache, nginx (which the node takes the place of) and"
                  + " none");
    };
  }

  private static String servesNoFilesBy(String source, String server) {
    try {
      return servesNoFiles(server);
    } catch (IllegalArgumentException e) {
      var problem = new ConfigProblem(Code.BAD_VALUE, source, String.valueOf(e.getMessage()));
      throw (ConfigException) new ConfigException(List.of(problem)).initCause(e);
    }
  }

  /**
   * The environment with variables of the original as ours, where ours are not set.
   *
   * @throws ConfigException for a server that nobody knows
   */
  static Map<String, String> translated(Map<String, String> environment) {
    var all = new HashMap<>(environment);
    var server = environment.getOrDefault(SERVER_TYPE, "");
    if (!server.isEmpty()) {
      all.putIfAbsent(USAGE_ONLY, servesNoFilesBy(SERVER_TYPE, server));
    }
    var viaDu = environment.getOrDefault("MOG_DEV_USAGE_VIA_DU", "");
    if (!viaDu.isEmpty() && !viaDu.equals("0")) {
      all.putIfAbsent(VIA_DU, "yes");
    }
    WITHOUT_EFFECT.forEach(
        (name, reason) -> {
          if (environment.containsKey(name)) {
            log.info("{} has no effect here: {}", name, reason);
          }
        });
    return all;
  }
}
