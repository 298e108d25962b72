package io.hayloft.tracker.store.jdbc;

import io.hayloft.tracker.linear.Model;
import io.hayloft.tracker.store.jdbc.NameCommand.Abandon;
import io.hayloft.tracker.store.jdbc.NameCommand.Close;
import io.hayloft.tracker.store.jdbc.NameCommand.Delete;
import io.hayloft.tracker.store.jdbc.NameCommand.Locate;
import io.hayloft.tracker.store.jdbc.NameCommand.Look;
import io.hayloft.tracker.store.jdbc.NameCommand.Rename;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What commands do and tell when they are carried out one after the other.
 *
 * @param files what names stand for
 * @param open the uploads
 */
record NameSpace(Map<String, Entry> files, Set<Long> open) {

  /**
   * @param key as it was given, where the database takes others for the same
   */
  record Entry(long fid, String key) {}

  NameSpace {
    files = Map.copyOf(files);
    open = Set.copyOf(open);
  }

  /** What a file somewhere is called when it is located. */
  static String told(long fid, String key) {
    return fid + " as " + key;
  }

  private record Step(String answer, NameSpace after) {}

  /**
   * @param sameKeys makes keys equal that are the same to the database
   */
  static Model<NameSpace, NameCommand, String> model(UnaryOperator<String> sameKeys) {
    return (state, command, answer) -> {
      if (answer.filter(NameCommand.LOST::equals).isPresent()) {
        return Optional.of(state);
      }
      var step = state.step(command, sameKeys);
      return answer.isEmpty() || answer.get().equals(step.answer())
          ? Optional.of(step.after())
          : Optional.empty();
    };
  }

  /**
   * The same where commits break: an answer then tells what the database showed when it was looked
   * at, maybe because another who asked for the same had it done.
   */
  static Model<NameSpace, NameCommand, String> modelOfWhatIsSeen(UnaryOperator<String> sameKeys) {
    var strict = model(sameKeys);
    return (state, command, answer) -> {
      var step = state.step(command, sameKeys);
      boolean isOver =
          answer.isPresent()
              && answer.get().startsWith("closed")
              && step.answer().startsWith("closed");
      return isOver
          ? Optional.of(step.after())
          : strict
              .after(state, command, answer)
              .or(
                  () ->
                      state.shows(command, answer, sameKeys)
                          ? Optional.of(state)
                          : Optional.empty());
    };
  }

  private boolean shows(
      NameCommand command, Optional<String> answer, UnaryOperator<String> sameKeys) {
    var told = answer.orElse("");
    return switch (command) {
      case Close close ->
          told.startsWith("closed")
              && new Entry(close.fid(), close.key())
                  .equals(files.get(name(close.domain(), close.key(), sameKeys)));
      case Delete delete ->
          told.equals("deleted")
              && !files.containsKey(name(delete.domain(), delete.key(), sameKeys));
      case Rename rename ->
          told.equals("renamed") && files.containsKey(name(rename.domain(), rename.to(), sameKeys));
      case Locate _, Look _, Abandon _ -> false;
    };
  }

  private static String name(int domain, String key, UnaryOperator<String> sameKeys) {
    return domain + "/" + sameKeys.apply(key);
  }

  private Step step(NameCommand command, UnaryOperator<String> sameKeys) {
    return switch (command) {
      case Close close -> close(close, name(close.domain(), close.key(), sameKeys));
      case Delete delete -> {
        var name = name(delete.domain(), delete.key(), sameKeys);
        yield files.containsKey(name)
            ? new Step("deleted", without(name))
            : new Step("nothing", this);
      }
      case Rename rename ->
          rename(
              name(rename.domain(), rename.from(), sameKeys),
              name(rename.domain(), rename.to(), sameKeys),
              rename.to());
      case Locate locate -> {
        var file = files.get(name(locate.domain(), locate.key(), sameKeys));
        yield new Step(file == null ? "nothing" : told(file.fid(), file.key()), this);
      }
      case Look look -> new Step(open.contains(look.fid()) ? "open" : "not open", this);
      case Abandon abandon ->
          open.contains(abandon.fid())
              ? new Step("abandoned", new NameSpace(files, ended(abandon.fid())))
              : new Step("not open", this);
    };
  }

  private Step close(Close close, String name) {
    var replaced = files.get(name);
    if (!open.contains(close.fid())) {
      return new Step("NotOpen", this);
    }
    if (close.device().equals(NameCommand.DEAD)) {
      return new Step("DeviceDead", this);
    }
    if (close.length() < 0 && (replaced == null || replaced.fid() != close.fid())) {
      return new Step(NameCommand.REFUSED, this);
    }
    if (files.values().stream().anyMatch(file -> file.fid() == close.fid())) {
      return new Step("FidExists", this);
    }
    var after = new HashMap<>(files);
    after.put(name, new Entry(close.fid(), close.key()));
    return new Step(
        replaced == null ? "closed" : "closed over " + replaced.fid(),
        new NameSpace(after, ended(close.fid())));
  }

  private Step rename(String from, String to, String key) {
    var file = files.get(from);
    if (file == null) {
      return new Step("no_such_key", this);
    }
    if (!from.equals(to) && files.containsKey(to)) {
      return new Step("target_exists", this);
    }
    var after = new HashMap<>(files);
    after.remove(from);
    after.put(to, new Entry(file.fid(), key));
    return new Step("renamed", new NameSpace(after, open));
  }

  private NameSpace without(String name) {
    var after = new HashMap<>(files);
    after.remove(name);
    return new NameSpace(after, open);
  }

  private Set<Long> ended(long fid) {
    var after = new HashSet<>(open);
    after.remove(fid);
    return after;
  }
}
