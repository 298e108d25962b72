-- What the plugin FilePaths keeps: the domains whose keys are paths, and a tree of names for each.
-- A directory has no fid. A file whose fid is no file any more is not there, whatever its row says.

CREATE TABLE IF NOT EXISTS hayloft_path_domain (
  dmid SMALLINT UNSIGNED NOT NULL,
  PRIMARY KEY (dmid)
) ENGINE=InnoDB DEFAULT CHARACTER SET latin1 COLLATE latin1_bin;

CREATE TABLE IF NOT EXISTS hayloft_path (
  node BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  dmid SMALLINT UNSIGNED NOT NULL,
  parent BIGINT UNSIGNED NOT NULL,
  name VARBINARY(255) NOT NULL,
  fid BIGINT UNSIGNED,
  PRIMARY KEY (node),
  UNIQUE KEY name (dmid, parent, name)
) ENGINE=InnoDB DEFAULT CHARACTER SET latin1 COLLATE latin1_bin;
