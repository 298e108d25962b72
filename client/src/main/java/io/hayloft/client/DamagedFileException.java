package io.hayloft.client;

/** What the storage nodes sent is not what was stored: its checksum is another. */
public final class DamagedFileException extends HayloftException {

  private static final long serialVersionUID = 1;

  DamagedFileException(String message) {
    super(message, Origin.NONE, false);
  }
}
