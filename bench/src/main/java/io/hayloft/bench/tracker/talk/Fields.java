package io.hayloft.bench.tracker.talk;

import io.hayloft.bench.loop.Answer;

/** Names of fields in answers to {@code create_open}. */
final class Fields {

  static final byte[] FID = Answer.bytes("fid=");
  static final byte[] DEVICE = Answer.bytes("devid=");
  static final byte[] PATH = Answer.bytes("path=");

  private Fields() {}
}
