-- What failed last for a file, so that it can be explained why it is not as it should be. Only
-- failures are written: a file that is well has no rows.

CREATE TABLE IF NOT EXISTS hayloft_attempt (
  fid BIGINT UNSIGNED NOT NULL,
  at_ms BIGINT UNSIGNED NOT NULL,
  todev MEDIUMINT UNSIGNED NOT NULL DEFAULT 0,
  fromdev MEDIUMINT UNSIGNED NOT NULL DEFAULT 0,
  job VARBINARY(16) NOT NULL,
  why VARBINARY(255) NOT NULL,
  PRIMARY KEY (fid, at_ms, todev),
  KEY at_ms (at_ms)
) ENGINE=InnoDB DEFAULT CHARACTER SET latin1 COLLATE latin1_bin;

-- What is remembered of a device beyond the row that operators make: the identity of its disk, and
-- since when nobody reaches it. counted_from is what automatic marking as dead counts from: later
-- than unreachable_since when much else was out of reach meanwhile, NULL while it still is.

CREATE TABLE IF NOT EXISTS hayloft_device (
  devid MEDIUMINT UNSIGNED NOT NULL,
  identity VARBINARY(64),
  identity_seen INT UNSIGNED,
  unreachable_since INT UNSIGNED,
  counted_from INT UNSIGNED,
  reached_again INT UNSIGNED,
  PRIMARY KEY (devid),
  UNIQUE KEY identity (identity)
) ENGINE=InnoDB DEFAULT CHARACTER SET latin1 COLLATE latin1_bin;

-- An installation that began with us, told from one that was taken over: there the tables of
-- MogileFS were found, and no script of ours made them.

INSERT INTO server_settings (field, value)
  SELECT 'hayloft_installation', 'new' FROM hayloft_schema_history
  WHERE version = '17' AND type = 'SQL'
  ON DUPLICATE KEY UPDATE field = field;
