package io.hayloft.bench.node;

import io.hayloft.bench.measure.Spread;
import io.hayloft.bench.report.Yardstick.Better;
import io.hayloft.bench.server.Contender;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Hayloft beside that rival whose median is the best.
 *
 * @param pairwise the ratios of each round
 */
record Versus(Contender rival, Spread ours, Spread theirs, Spread pairwise) {

  /**
   * @param rounds in each of which every contender was measured once
   * @param value which is compared
   */
  static Versus best(
      List<Map<Contender, Measurement>> rounds,
      Better better,
      ToDoubleFunction<Measurement> value) {
    var order = Comparator.comparingDouble((Versus each) -> each.theirs.median());
    return rounds.getFirst().keySet().stream()
        .filter(contender -> !contender.isOurs())
        .map(rival -> with(rival, rounds, value))
        .max(better == Better.HIGHER ? order : order.reversed())
        .orElseThrow(() -> new IllegalArgumentException("nobody to compare with"));
  }

  private static Versus with(
      Contender rival,
      List<Map<Contender, Measurement>> rounds,
      ToDoubleFunction<Measurement> value) {
    var ours = values(Contender.HAYLOFT, rounds, value);
    var theirs = values(rival, rounds, value);
    var pairwise = new ArrayList<Double>();
    for (int round = 0; round < rounds.size(); round++) {
      pairwise.add(ours.get(round) / theirs.get(round));
    }
    return new Versus(rival, Spread.of(ours), Spread.of(theirs), Spread.of(pairwise));
  }

  private static List<Double> values(
      Contender contender,
      List<Map<Contender, Measurement>> rounds,
      ToDoubleFunction<Measurement> value) {
    return rounds.stream()
        .map(
            round -> {
              var measured = round.get(contender);
              if (measured == null) {
                throw new IllegalArgumentException(contender + " missed a round");
              }
              return value.applyAsDouble(measured);
            })
        .toList();
  }

  /** Of the medians. */
  double ratio() {
    return ours.median() / theirs.median();
  }
}
