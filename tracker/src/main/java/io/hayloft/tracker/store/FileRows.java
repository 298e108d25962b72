package io.hayloft.tracker.store;

import io.hayloft.protocol.Checksum;
import io.hayloft.protocol.DeviceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that the tables say about one fid.
 *
 * @param groups by the names {@code tempfile replqueue delqueue rebqueue fsckqueue}, each present
 *     only where there is a row; within it column names and values, a NULL as an empty value
 */
public record FileRows(
    Map<String, Map<String, String>> groups, List<DeviceId> devices, Optional<Checksum> checksum) {}
