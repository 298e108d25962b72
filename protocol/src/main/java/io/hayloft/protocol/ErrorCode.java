package io.hayloft.protocol;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The words a tracker refuses with, and the sentence that goes with each. Clients decide by the
 * word; a code without a sentence of its own sends the word twice.
 */
public enum ErrorCode {
  AFTER_MISMATCH("Pattern does not match the after-value?"),
  BAD_ARGS(""),
  BAD_PARAMS("Invalid parameters to command; please see documentation"),
  BAD_REBAL_POL(""),
  BOGUS_ARGS(""),
  BUSY("Too many requests at once; try again"),
  CHECKSUM_MISMATCH(""),
  CLASS_EXISTS("That class already exists in that domain"),
  CLASS_HAS_FILES("Class still has files, unable to delete"),
  CLASS_NOT_FOUND("Class not found"),
  COPY_ERR(""),
  DB("Database error"),
  DISK_REFUSED("The disk is not accepted"),
  DOMAIN_EXISTS("That domain already exists"),
  DOMAIN_HAS_CLASSES(""),
  DOMAIN_HAS_FILES("Domain still has files, unable to delete"),
  DOMAIN_NOT_EMPTY("Domain still has classes, unable to delete"),
  DOMAIN_NOT_FOUND("Domain not found"),
  DUP("Duplicate name/number used."),
  EXISTING_DEVID(""),
  FAILURE("Operation failed"),
  FID_EXISTS(""),
  FID_IN_USE(""),
  FSCK_RUNNING(""),
  HOST_EXISTS("That host already exists"),
  HOST_MISMATCH("The device specified doesn't belong to the host specified"),
  HOST_NOT_EMPTY("Unable to delete host; it contains devices still"),
  HOST_NOT_FOUND("Host not found"),
  INVALID_CHECKER_LEVEL("Checker level invalid.  Please see documentation on this command."),
  INVALID_CHECKSUM_FORMAT(""),
  INVALID_DESTDEV(""),
  INVALID_DEVID(""),
  INVALID_FORMAT(""),
  INVALID_HASHTYPE(""),
  INVALID_KEY(""),
  INVALID_MINCOPIES("The mincopies must be from 1 to 255"),
  INVALID_MINDEVCOUNT("The mindevcount must be at least 1"),
  INVALID_REPLPOLICY(""),
  INVALID_STATE(""),
  KEY_EXISTS("Target key name already exists; can't overwrite."),
  KEY_TOO_LONG("A key has at most 255 bytes"),
  MOVE_OVER("That job is over already"),
  MOVE_RUNNING(""),
  NO_CLASS("No class provided"),
  NO_DEVICE("Device not found"),
  NO_DEVICES("No devices found to store file"),
  NO_DEVID(""),
  NO_DOMAIN("No domain provided"),
  NO_FID(""),
  NO_HOST("No host provided"),
  NO_IP("IP required to create host"),
  NO_KEY(""),
  NO_MOVE("There is no such job"),
  NO_PATH(""),
  NO_PORT("Port required to create host"),
  NO_REBAL_POLICY("No rebalance policy available"),
  NO_REBAL_STATE("No available rebalance status"),
  NO_SET_REBAL(""),
  NO_TEMP_FILE("No tempfile or file already closed"),
  NODEL_DEFAULT_CLASS("Cannot delete the default class"),
  NONE_MATCH("No keys match that pattern and after-value (if any)."),
  NOT_WRITABLE(""),
  PLUGIN_ABORTED("Action aborted by plugin"),
  REBAL_NOT_STARTED("Rebalance not running"),
  REBAL_RUNNING(""),
  SIZE_MISMATCH(""),
  SIZE_VERIFY_ERROR(""),
  STATE_TOO_HIGH("Status cannot go from dead to alive; must use down"),
  TOO_FEW_COPIES("The file is stored, but has fewer copies than asked for"),
  UNKNOWN_COMMAND("Unknown server command"),
  UNKNOWN_FID(""),
  UNKNOWN_HOST("Host not found"),
  UNKNOWN_HOSTID(""),
  UNKNOWN_KEY(""),
  UNKNOWN_STATE("Invalid/unknown state"),
  UNREG_CLASS(""),
  UNREG_DOMAIN("Domain name invalid/not found");

  private final String wire;
  private final String text;

  ErrorCode(String text) {
    this.wire = name().toLowerCase(Locale.ROOT);
    this.text = text.isEmpty() ? wire : text;
  }

  /** The word on the wire. */
  public String wire() {
    return wire;
  }

  /** The sentence for people; the word itself where the protocol has none. */
  public String text() {
    return text;
  }

  /** The code of that word; empty for a word of another server's. */
  public static Optional<ErrorCode> named(String wire) {
    return Arrays.stream(values()).filter(each -> each.wire.equals(wire)).findFirst();
  }
}
