-- Jobs that move files between devices: levelling all of them, emptying one. A job is carried on by
-- the tracker that holds its lease; everything that the next one needs to go on is here.

CREATE TABLE IF NOT EXISTS hayloft_move_job (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  kind VARBINARY(16) NOT NULL,
  devid INT UNSIGNED NOT NULL,
  former VARBINARY(16) NOT NULL,
  state VARBINARY(16) NOT NULL,
  threshold_bp INT UNSIGNED NOT NULL,
  rate BIGINT UNSIGNED NOT NULL,
  dmid INT UNSIGNED NOT NULL,
  classid INT UNSIGNED NULL,
  position BIGINT UNSIGNED NOT NULL,
  pass INT UNSIGNED NOT NULL,
  files_moved BIGINT UNSIGNED NOT NULL,
  bytes_moved BIGINT UNSIGNED NOT NULL,
  files_kept BIGINT UNSIGNED NOT NULL,
  files_left BIGINT UNSIGNED NOT NULL,
  bytes_left BIGINT UNSIGNED NOT NULL,
  files_rate DOUBLE NOT NULL,
  bytes_rate DOUBLE NOT NULL,
  started BIGINT UNSIGNED NOT NULL,
  changed BIGINT UNSIGNED NOT NULL,
  ended BIGINT UNSIGNED NOT NULL,
  host VARBINARY(255) NOT NULL,
  note VARBINARY(2000) NOT NULL,
  PRIMARY KEY (id),
  KEY state (state)
) ENGINE=InnoDB DEFAULT CHARACTER SET latin1 COLLATE latin1_bin;
