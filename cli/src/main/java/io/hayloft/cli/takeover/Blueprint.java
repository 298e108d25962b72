package io.hayloft.cli.takeover;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of MogileFS schema 17, as far as something depends on them. */
final class Blueprint {

  /** Columns; those with a # are whole numbers, the others text or bytes. */
  private static final String COLUMNS =
      """
      domain               dmid# namespace
      class                dmid# classid# classname mindevcount# hashtype# replpolicy
      file                 fid# dmid# dkey length# classid# devcount#
      tempfile             fid# createtime# classid# dmid# dkey devids
      file_on              fid# devid#
      checksum             fid# hashtype# checksum
      host                 hostid# status http_port# http_get_port# hostname hostip altip altmask
      device               devid# hostid# status weight# mb_total# mb_used# mb_asof#
      server_settings      field value
      file_to_replicate    fid# nexttry# fromdevid# failcount# flags#
      file_to_delete2      fid# nexttry# failcount#
      file_to_queue        fid# devid# type# nexttry# failcount# flags# arg
      file_to_delete       fid#
      file_to_delete_later fid# delafter#
      fsck_log             logid# utime# fid# evcode devid#
      """;

  /** What must be unique, because replacing and queueing rely on it. */
  private static final String KEYS =
      """
      domain               dmid
      class                dmid classid
      file                 fid
      file                 dmid dkey
      tempfile             fid
      file_on              fid devid
      checksum             fid
      host                 hostid
      device               devid
      server_settings      field
      file_to_replicate    fid
      file_to_delete2      fid
      file_to_queue        fid type
      file_to_delete       fid
      file_to_delete_later fid
      fsck_log             logid
      """;

  /** What is searched by; without an index it works and is slow. */
  private static final String INDEXES =
      """
      file                 dmid classid
      file_on              devid
      file_to_replicate    nexttry
      file_to_delete2      nexttry
      file_to_queue        type nexttry
      file_to_delete_later delafter
      fsck_log             utime
      """;

  private Blueprint() {}

  /**
   * A list of columns of a table.
   *
   * @param columns with their marks
   */
  record Listed(String table, List<String> columns) {}

  static List<Listed> keys() {
    return listed(KEYS);
  }

  static List<Listed> indexes() {
    return listed(INDEXES);
  }

  /** By table; a column's name with true for a whole number. */
  static Map<String, Map<String, Boolean>> columns() {
    var tables = new LinkedHashMap<String, Map<String, Boolean>>();
    for (var table : listed(COLUMNS)) {
      var columns = new LinkedHashMap<String, Boolean>();
      table.columns().forEach(name -> columns.put(name.replace("#", ""), name.endsWith("#")));
      tables.put(table.table(), columns);
    }
    return tables;
  }

  private static List<Listed> listed(String text) {
    return text.lines()
        .map(line -> Arrays.asList(line.strip().split("\\s+")))
        .map(words -> new Listed(words.getFirst(), words.subList(1, words.size())))
        .toList();
  }
}
