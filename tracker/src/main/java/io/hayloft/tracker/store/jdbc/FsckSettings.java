package io.hayloft.tracker.store.jdbc;

import io.hayloft.tracker.model.FsckTerms;
import io.hayloft.tracker.model.FsckTerms.Depth;
import io.hayloft.tracker.store.FsckStore;
import java.sql.SQLException;

/** The settings in which a check keeps where it stands, and how it starts. */
final class FsckSettings {

  static final String HOST = "fsck_host";
  static final String STARTED = "fsck_start_time";
  static final String STOPPED = "fsck_stop_time";
  static final String CHECKED = "fsck_fids_checked";
  static final String FROM = "fsck_start_fid";
  static final String POSITION = "fsck_highest_fid_checked";
  static final String END = "fsck_fid_at_end";
  static final String POLICY_ONLY = "fsck_opt_policy_only";

  /** Ours alone: what a run is asked beyond what the original can be told. */
  static final String TERMS = "fsck_opt_terms";

  private static final String SEEN_TO = "fsck_seen_to_";

  private FsckSettings() {}

  /** Where the last time of a schedule that was seen to is kept. */
  static String seenTo(String schedule) {
    return SEEN_TO + schedule;
  }

  /** What was asked, by whoever reset or started it last. */
  static FsckTerms terms(SettingRows settings) {
    var terms = settings.get(TERMS).map(FsckTerms::parse).orElse(FsckTerms.USUAL);
    return settings.get(POLICY_ONLY).isPresent() ? terms.with(Depth.POLICY) : terms;
  }

  /** Starts where it stands. The caller holds the lock on settings. */
  static FsckStore.Start start(Session session, String host, String askedBy) throws SQLException {
    var settings =
        SettingRows.read(session, HOST, JdbcRebalanceStore.HOST, POSITION, END, TERMS, POLICY_ONLY);
    if (settings.get(HOST).isPresent()) {
      return FsckStore.Start.FSCK_RUNNING;
    }
    if (settings.get(JdbcRebalanceStore.HOST).isPresent()) {
      return FsckStore.Start.REBALANCE_RUNNING;
    }
    long position = settings.number(POSITION);
    long end = settings.number(END);
    boolean isOver = position > 0 && end > 0 && position >= end;
    if (isOver || (position == 0 && end == 0)) {
      renew(session, settings);
    }
    settings.put(STARTED, JdbcFsckStore.now(session));
    settings.remove(STOPPED);
    settings.put(CHECKED, 0);
    settings.put(FROM, position);
    settings.put(HOST, host);
    var terms = terms(settings);
    if (position == 0 && terms.scope().isAll() && terms.depth() != Depth.POLICY) {
      FsckRuns.forgetStalled(session);
    }
    FsckRuns.begin(
        session, askedBy, host, terms.text(), new FsckRuns.Span(position, settings.number(END)));
    return FsckStore.Start.STARTED;
  }

  /** Starts at the first file. The caller holds the lock on settings. */
  static FsckStore.Start startFromTheFirst(
      Session session, String host, String askedBy, FsckTerms terms) throws SQLException {
    var settings = SettingRows.read(session, HOST, JdbcRebalanceStore.HOST);
    if (settings.get(HOST).isPresent()) {
      return FsckStore.Start.FSCK_RUNNING;
    }
    if (settings.get(JdbcRebalanceStore.HOST).isPresent()) {
      return FsckStore.Start.REBALANCE_RUNNING;
    }
    reset(session, terms, 0);
    return start(session, host, askedBy);
  }

  static void reset(Session session, FsckTerms terms, long position) throws SQLException {
    var settings = SettingRows.read(session, POSITION);
    if (terms.depth() == Depth.POLICY) {
      settings.put(POLICY_ONLY, 1);
    } else {
      settings.remove(POLICY_ONLY);
    }
    if (terms.equals(FsckTerms.USUAL) || terms.equals(FsckTerms.USUAL.with(Depth.POLICY))) {
      settings.remove(TERMS);
    } else {
      settings.put(TERMS, terms.text());
    }
    settings.put(POSITION, position);
    renew(session, settings);
  }

  private static void renew(Session session, SettingRows settings) throws SQLException {
    settings.remove(STARTED, STOPPED);
    settings.put(CHECKED, 0);
    settings.put(
        END,
        session.one(row -> row.number(1), "SELECT COALESCE(MAX(fid), 0) FROM file").orElse(0L));
    FsckCounts.forget(session);
    long newest = FsckCounts.newest(session);
    settings.put("fsck_start_maxlogid", newest);
    settings.put("fsck_logid_processed", newest);
  }
}
