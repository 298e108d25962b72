package io.hayloft.tracker.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.tracker.node.NativeNodes.Content;
import io.hayloft.tracker.node.NativeNodes.Entry;
import io.hayloft.tracker.node.NativeNodes.Extent;
import io.hayloft.tracker.node.NativeNodes.Manifest;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A listing of a device on its way from a node. It believes nothing that is out of order, outside
 * of what was asked for or not counted at its end: whoever merges it with the database relies on
 * that.
 *
 * <p>Millions of lines come this way, so numbers are read from the bytes, and text is made only of
 * digests.
 */
final class ManifestReading implements Manifest {

  private static final int MOST_DIGITS = 18;
  private static final int CRC_DIGITS = 8;
  private static final byte[] END = "end ".getBytes(US_ASCII);
  private static final String UNREADABLE = "unreadable";
  private static final String CRC_NOW = "CRC32C:";

  private final NativeAnswer answer;
  private final LineReader lines;
  private final long until;
  private final boolean withDigests;
  private long last;
  private long count;
  private boolean complete;
  private byte[] line = {};
  private int at;
  private int end;

  ManifestReading(NativeAnswer answer, Extent extent) {
    this.answer = answer;
    this.lines = answer.lines();
    this.last = extent.after();
    this.until = extent.until();
    this.withDigests = extent.crc() || !extent.digests().isEmpty();
  }

  @Override
  public Optional<Entry> next() throws IOException {
    if (complete) {
      return Optional.empty();
    }
    if (!lines.advance()) {
      throw new EOFException("the listing breaks off");
    }
    line = lines.buffer();
    at = lines.from();
    end = lines.to();
    if (line[at] == END[0]) {
      readEnd();
      return Optional.empty();
    }
    return Optional.of(readEntry());
  }

  private void readEnd() throws IOException {
    for (byte b : END) {
      if (at == end || line[at++] != b) {
        throw nonsense();
      }
    }
    if (number() != count || at != end) {
      throw nonsense();
    }
    complete = true;
  }

  private Entry readEntry() throws IOException {
    long fid = number();
    if (fid <= last || fid > until) {
      throw new NodeRefusal("lists fid " + fid + " after " + last + " and up to " + until);
    }
    last = fid;
    count++;
    blank();
    long length = number();
    blank();
    long changed = number();
    blank();
    var crc = crc();
    if (at == end) {
      if (withDigests) {
        throw nonsense();
      }
      return new Entry(new Fid(fid), length, changed, crc, Content.UNREAD);
    }
    blank();
    return withDigests(new Fid(fid), length, changed, crc);
  }

  private Entry withDigests(Fid fid, long length, long changed, OptionalInt crc)
      throws IOException {
    var words = new String(line, at, end - at, US_ASCII);
    if (words.equals(UNREADABLE)) {
      return new Entry(fid, length, changed, crc, Content.UNREADABLE);
    }
    var crcNow = OptionalInt.empty();
    var digests = new ArrayList<Checksum>(1);
    for (var word : words.split(" ")) {
      if (word.startsWith(CRC_NOW)) {
        at = end - words.length() + words.indexOf(word) + CRC_NOW.length();
        crcNow = OptionalInt.of(hex());
      } else {
        digests.add(Checksum.parse(word).orElseThrow(this::nonsense));
      }
    }
    return new Entry(fid, length, changed, crc, new Content(crcNow, digests, true));
  }

  private long number() throws IOException {
    int from = at;
    long number = 0;
    while (at < end && line[at] >= '0' && line[at] <= '9') {
      number = number * 10 + (line[at++] - '0');
    }
    if (at == from || at - from > MOST_DIGITS) {
      throw nonsense();
    }
    return number;
  }

  private void blank() throws IOException {
    if (at == end || line[at++] != ' ') {
      throw nonsense();
    }
  }

  private OptionalInt crc() throws IOException {
    if (at < end && line[at] == '-') {
      at++;
      return OptionalInt.empty();
    }
    return OptionalInt.of(hex());
  }

  private int hex() throws IOException {
    int value = 0;
    for (int i = 0; i < CRC_DIGITS; i++, at++) {
      int digit = at < end ? Character.digit(line[at], 16) : -1;
      if (digit < 0) {
        throw nonsense();
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private NodeRefusal nonsense() {
    return new NodeRefusal("lists nonsense: " + lines.text());
  }

  @Override
  public void close() {
    answer.close();
  }
}
