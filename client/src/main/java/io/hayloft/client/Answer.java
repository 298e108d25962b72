package io.hayloft.client;

import io.hayloft.protocol.Reply;

/**
 * A tracker's reply.
 *
 * @param doubtful whether the same request may have been processed before, by a tracker whose reply
 *     was lost
 */
record Answer(Reply reply, TrackerAddress tracker, boolean doubtful) {}
