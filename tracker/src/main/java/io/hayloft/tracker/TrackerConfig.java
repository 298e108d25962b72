package io.hayloft.tracker;

import io.hayloft.runtime.config.Address;
import io.hayloft.runtime.config.Setting;
import io.hayloft.runtime.config.Ungrouped;
import io.hayloft.tracker.model.ClusterView;
import io.hayloft.tracker.model.Netmask;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a tracker is set up. The defaults are those of the original where it has the setting. */
public record TrackerConfig(
    @Ungrouped Listening listening,
    @Ungrouped Extras extras,
    Database database,
    Limits limits,
    Nodes nodes,
    JobCounts jobs) {

  /** The original's plugin that tells near from far. */
  private static final String ZONE_LOCAL = "ZoneLocal";

  /** Where the tracker is reached. */
  public record Listening(
      @Setting(doc = "Where clients and operators connect.", byDefault = "0.0.0.0:7001", min = 1)
          List<Address> listen,
      @Setting(
              doc = "Where health and metrics are served over HTTP; not for the outside world.",
              byDefault = "0.0.0.0:7080")
          Address httpListen) {}

  /** What a tracker does only where somebody asks for it. */
  public record Extras(
      @Setting(doc = "Plugins to run, by name, in the order in which they are asked.")
          List<String> plugins,
      @Setting(
              doc =
                  "An address or network within this tracker's zone. Clients are then offered"
                      + " devices of their own zone first, and copies are read within this one.")
          Optional<String> localNetwork) {

    public Extras {
      if (localNetwork.filter(text -> Netmask.parse(text).isEmpty()).isPresent()) {
        throw new IllegalArgumentException(
            "local_network is neither an address nor a network: " + localNetwork.get());
      }
    }
  }

  /** The database that all trackers of an installation share. */
  public record Database(
      @Setting(doc = "Its JDBC address, as in jdbc:mysql://db1:3306/mogilefs.", required = true)
          String url,
      @Setting(doc = "The account.", byDefault = "mogile") String user,
      @Setting(doc = "The account's password.", secret = true) String password,
      @Setting(doc = "How many connections at most.", byDefault = "16", min = 1, max = 1000)
          int connections,
      @Setting(
              doc =
                  "After how long without an answer it counts as away. Clients wait 3 s for a"
                      + " reply.",
              byDefault = "2s",
              min = 500)
          Duration timeout,
      @Setting(
              doc =
                  "Whether to create or update its tables at the start. Of several trackers only"
                      + " one should.",
              byDefault = "no")
          boolean migrate) {}

  /** What clients may ask for at once. */
  public record Limits(
      @Setting(
              doc = "How many clients may be connected; more are refused.",
              byDefault = "20000",
              min = 1)
          int connections,
      @Setting(
              doc =
                  "How many requests are answered at a time. They are cheap while they wait for the"
                      + " database or a node, and those that arrive together share round trips.",
              byDefault = "256",
              min = 1)
          int requests,
      @Setting(
              doc = "How many requests may wait for their turn; more are answered 'busy'.",
              byDefault = "10000",
              min = 0)
          int waiting,
      @Setting(
              doc = "A client that leaves a reply unread for so long is disconnected.",
              byDefault = "120s",
              min = 100)
          Duration unread,
      @Setting(
              doc =
                  "How long a request may wait for its turn, and then for the database to begin"
                      + " with it; then it is answered 'busy', because its client will soon have"
                      + " given up.",
              byDefault = "700ms",
              min = 1)
          Duration turn,
      @Setting(
              doc =
                  "A request that takes longer, its wait for its turn included, is told of in the"
                      + " log.",
              byDefault = "1s",
              min = 1)
          Duration slow) {}

  /** How storage nodes are used. */
  public record Nodes(
      @Setting(doc = "How long a node may take to answer.", byDefault = "2s", min = 1)
          Duration timeout,
      @Setting(doc = "How long connecting to a node may take.", byDefault = "2s", min = 1)
          Duration connTimeout,
      @Setting(
              doc = "The port of the side channel, the same on all nodes; 0 to do without.",
              byDefault = "7501",
              min = 0,
              max = 65_535)
          int sideChannelPort,
      @Setting(
              doc = "Whether copies are read from the port that clients read from.",
              byDefault = "no")
          boolean copyFromGetPort,
      @Setting(
              doc = "A device with less free space, in MB, takes no new files.",
              byDefault = "100",
              min = 0)
          int minFreeSpaceMb,
      @Setting(
              doc = "Copies of a file whose domain does not say otherwise for its class default.",
              byDefault = "2",
              min = 1,
              max = 255)
          int defaultMindevcount) {}

  /** How many workers the background jobs have. */
  public record JobCounts(
      @Setting(
              doc =
                  "Whether this tracker does background work at all. Off, it only answers"
                      + " requests.",
              byDefault = "yes")
          boolean enabled,
      @Setting(doc = "Workers that remove deleted files.", byDefault = "1", min = 0, max = 500)
          int delete,
      @Setting(doc = "Workers that make missing copies.", byDefault = "1", min = 0, max = 500)
          int replicate,
      @Setting(
              doc = "Workers that take files off dead devices.",
              byDefault = "1",
              min = 0,
              max = 500)
          int reaper,
      @Setting(
              doc = "Workers that check files, once a check was started.",
              byDefault = "1",
              min = 0,
              max = 500)
          int fsck,
      @Setting(
              doc =
                  "Whether a copy that is to be moved off a device, and turns out not to be there,"
                      + " counts as moved. Otherwise it stays recorded until fsck sees to it.",
              byDefault = "no")
          boolean rebalanceIgnoreMissing) {}

  /** Whether this tracker tells near from far, and where it is itself. */
  public ClusterView.Locality locality() {
    var home = extras.localNetwork().flatMap(Netmask::parse);
    return home.isPresent() || extras.plugins().contains(ZONE_LOCAL)
        ? new ClusterView.Locality(true, home)
        : ClusterView.Locality.OFF;
  }

  public List<Address> listen() {
    return listening.listen();
  }

  public Address httpListen() {
    return listening.httpListen();
  }
}
