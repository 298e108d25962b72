package io.hayloft.client;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.Fid;
import io.hayloft.protocol.Key;
import java.util.Optional;

/**
 * A file that was stored.
 *
 * @param checksum as made while sending, where the options asked for one
 */
public record Stored(Key key, Fid fid, long length, Optional<Checksum> checksum) {}
