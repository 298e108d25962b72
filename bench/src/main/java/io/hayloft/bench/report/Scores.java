package io.hayloft.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that one call has measured: for people as a table in Markdown, for machines as a map. */
public final class Scores {

  private final List<Score> scores = new ArrayList<>();

  public void add(Score score) {
    scores.add(score);
  }

  public void add(String what, double value) {
    add(Score.of(what, value));
  }

  public void add(String what, double value, Goal goal) {
    add(Score.of(what, value, goal));
  }

  public void add(String what, long value) {
    add(what, (double) value);
  }

  public void add(String what, long value, Goal goal) {
    add(what, (double) value, goal);
  }

  public boolean areMet() {
    return scores.stream().allMatch(Score::isMet);
  }

  public String markdown() {
    var text = new StringBuilder("| what | measured | goal |\n|---|---|---|\n");
    scores.forEach(score -> text.append(score.row()));
    return text.toString();
  }

  /** To be written as JSON. */
  public Map<String, Object> json(Map<String, Object> machine) {
    var all = new LinkedHashMap<String, Object>();
    all.put("machine", machine);
    all.put("met", areMet());
    all.put("scores", scores.stream().map(Score::json).toList());
    return all;
  }
}
