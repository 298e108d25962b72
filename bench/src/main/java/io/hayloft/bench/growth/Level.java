package io.hayloft.bench.growth;

import io.hayloft.bench.database.ServerBooks.Part;
import io.hayloft.bench.growth.Measured.Operation;
import java.util.List;

/**
 * What was found at one number of files.
 *
 * @param files with two copies each, when it was looked how large the tables are
 * @param pool how large the memory of the database was
 * @param parts of the tables
 * @param onDisk the bytes of all tables' files
 */
record Level(long files, String pool, List<Part> parts, long onDisk, List<Measured> measured) {

  Level {
    parts = List.copyOf(parts);
    measured = List.copyOf(measured);
  }

  Measured of(Operation operation) {
    return measured.stream()
        .filter(each -> each.operation() == operation)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not measured: " + operation));
  }

  double bytesOfAFile(Part part) {
    return (double) part.bytes() / files;
  }

  double bytesOfAFile() {
    return (double) parts.stream().mapToLong(Part::bytes).sum() / files;
  }
}
