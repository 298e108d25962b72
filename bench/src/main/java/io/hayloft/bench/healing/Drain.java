package io.hayloft.bench.healing;

import io.hayloft.bench.report.Figure;
import java.util.List;
import java.util.Optional;

/** All copies of one device move to the others, because it is to be taken out. */
final class Drain implements Benchmark {

  @Override
  public String name() {
    return "drain";
  }

  @Override
  public int usualFiles() {
    return 6000;
  }

  @Override
  public Optional<String> missing(Stage stage) {
    return Optional.of("this version cannot drain a device");
  }

  @Override
  public List<Figure> measure(Stage stage) {
    throw new IllegalStateException("missing");
  }
}
