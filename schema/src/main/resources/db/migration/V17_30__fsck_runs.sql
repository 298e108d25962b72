-- One row for each run of the check of all files, for reports. A run without outcome is under way;
-- one with an outcome and no end still has files in the queue. Its events are the rows of fsck_log
-- beyond counted_log, and what the column events has of those up to there.

CREATE TABLE IF NOT EXISTS hayloft_fsck_run (
  run BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  asked_by VARBINARY(64) NOT NULL,
  host VARBINARY(255) NOT NULL,
  takeovers INT UNSIGNED NOT NULL DEFAULT 0,
  terms VARBINARY(255) NOT NULL,
  outcome VARBINARY(16),
  started INT UNSIGNED NOT NULL,
  scanned INT UNSIGNED NOT NULL DEFAULT 0,
  ended INT UNSIGNED NOT NULL DEFAULT 0,
  first_fid BIGINT UNSIGNED NOT NULL,
  last_fid BIGINT UNSIGNED NOT NULL,
  checked BIGINT UNSIGNED NOT NULL DEFAULT 0,
  stalled BIGINT UNSIGNED NOT NULL DEFAULT 0,
  lost BIGINT UNSIGNED NOT NULL DEFAULT 0,
  orphans_found BIGINT UNSIGNED NOT NULL DEFAULT 0,
  orphans_adopted BIGINT UNSIGNED NOT NULL DEFAULT 0,
  orphans_quarantined BIGINT UNSIGNED NOT NULL DEFAULT 0,
  counted_log BIGINT UNSIGNED NOT NULL,
  events VARBINARY(1024) NOT NULL DEFAULT '',
  files_per_second DOUBLE NOT NULL DEFAULT 0,
  fids_per_second DOUBLE NOT NULL DEFAULT 0,
  PRIMARY KEY (run)
) ENGINE=InnoDB DEFAULT CHARACTER SET latin1 COLLATE latin1_bin;

-- Files of which a run found no good copy; a bounded number of each run.

CREATE TABLE IF NOT EXISTS hayloft_fsck_lost (
  run BIGINT UNSIGNED NOT NULL,
  fid BIGINT UNSIGNED NOT NULL,
  namespace VARBINARY(255) NOT NULL,
  dkey VARBINARY(1024) NOT NULL,
  PRIMARY KEY (run, fid)
) ENGINE=InnoDB DEFAULT CHARACTER SET latin1 COLLATE latin1_bin;
