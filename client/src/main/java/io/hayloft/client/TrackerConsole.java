package io.hayloft.client;

import io.hayloft.client.HayloftException.Origin;
import io.hayloft.client.net.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The lines that begin with {@code !}: they speak to one tracker, about itself. Each has a
 * connection of its own, and none is repeated.
 */
public final class TrackerConsole {

  private final TrackerAddress address;
  private final ClientSettings settings;

  TrackerConsole(TrackerAddress address, ClientSettings settings) {
    this.address = address;
    this.settings = settings;
  }

  public TrackerAddress address() {
    return address;
  }

  /**
   * Sends a line and returns the answer's lines, the closing dot not among them.
   *
   * @param line {@code !} and a word, perhaps with more
   */
  public List<String> command(String line) throws HayloftException {
    if (!line.matches("![\\x20-\\x7e]+")) {
      throw new IllegalArgumentException("not a line for the console: " + line);
    }
    var timeouts = settings.timeouts();
    var deadline = Deadline.after(settings.world(), timeouts.reply());
    try (var connection =
        TrackerConnection.open(
            address, settings.limits().replyBytes(), deadline.within(timeouts.connect()))) {
      return connection.console(line, deadline);
    } catch (IOException e) {
      throw new HayloftException(
          "tracker " + address + " did not answer " + line + " (" + e.getMessage() + ")",
          new Origin(line, address.toString(), ""),
          true,
          e);
    }
  }

  /** The tracker's counters by name, in its own order. */
  public Map<String, Long> stats() throws HayloftException {
    var counters = new LinkedHashMap<String, Long>();
    for (var line : command("!stats")) {
      int blank = line.lastIndexOf(' ');
      if (blank < 1 || !line.substring(blank + 1).matches("[0-9]{1,18}")) {
        throw strange("!stats", line);
      }
      counters.put(line.substring(0, blank), Long.valueOf(line.substring(blank + 1)));
    }
    return counters;
  }

  /**
   * What the tracker's time went into, by command and by statement, each with the dearest first;
   * nothing where the tracker cannot tell.
   */
  public List<TimeSpent> times() throws HayloftException {
    var times = new ArrayList<TimeSpent>();
    for (var line : command("!times")) {
      try {
        if (line.startsWith("command ")) {
          var words = line.split(" ", 8);
          double seconds = Double.parseDouble(words[2]);
          times.add(
              new TimeSpent(
                  words[0],
                  words[7],
                  Long.parseLong(words[1]),
                  seconds,
                  seconds - Double.parseDouble(words[3])));
        } else if (line.startsWith("statement ")) {
          var words = line.split(" ", 5);
          double seconds = Double.parseDouble(words[2]);
          times.add(new TimeSpent(words[0], words[4], Long.parseLong(words[1]), seconds, seconds));
        }
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw strange("!times", line);
      }
    }
    return List.copyOf(times);
  }

  /** The tracker's background work by kind, in alphabetical order. */
  public List<JobInfo> jobs() throws HayloftException {
    var jobs = new TreeMap<String, Map<String, String>>();
    for (var line : command("!jobs")) {
      var words = line.split(" ", 3);
      if (words.length < 2) {
        throw strange("!jobs", line);
      }
      jobs.computeIfAbsent(words[0], absent -> new LinkedHashMap<>())
          .put(words[1], words.length == 3 ? words[2] : "");
    }
    var list = new ArrayList<JobInfo>();
    for (var job : jobs.entrySet()) {
      var values = job.getValue();
      try {
        list.add(
            new JobInfo(
                job.getKey(),
                Integer.parseInt(values.getOrDefault("count", "0")),
                Integer.parseInt(values.getOrDefault("desired", "0")),
                List.of(values.getOrDefault("pids", "").strip().split(" +")).stream()
                    .filter(pid -> !pid.isEmpty())
                    .toList()));
      } catch (NumberFormatException e) {
        throw strange("!jobs", job.toString());
      }
    }
    return List.copyOf(list);
  }

  /**
   * Says how many workers of a kind there shall be.
   *
   * @return what the tracker says to that
   * @throws HayloftException also when it does not know the kind
   */
  public String want(int count, String job) throws HayloftException {
    var answer = String.join(" ", command("!want " + count + " " + job)).strip();
    if (answer.startsWith("ERROR")) {
      throw new HayloftException(
          "tracker " + address + " refused !want: " + answer,
          new Origin("!want", address.toString(), ""),
          false);
    }
    return answer;
  }

  /** The version of the tracker's software. */
  public String version() throws HayloftException {
    return String.join(" ", command("!version"));
  }

  private HayloftException strange(String command, String line) {
    return new HayloftException(
        "tracker " + address + " answered " + command + " with a line of no sense: " + line,
        new Origin(command, address.toString(), ""),
        false);
  }
}
