-- Who of several trackers does what only one may do. A lease ends by the database's clock; the
-- token grows with each change of owner, so that what a former owner still writes can be told apart.

CREATE TABLE IF NOT EXISTS hayloft_lease (
  name VARBINARY(64) NOT NULL,
  owner VARBINARY(255) NOT NULL,
  token BIGINT UNSIGNED NOT NULL,
  expires_ms BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARACTER SET latin1 COLLATE latin1_bin;
