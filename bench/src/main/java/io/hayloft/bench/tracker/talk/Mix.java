package io.hayloft.bench.tracker.talk;

import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Course;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Ending;
import io.hayloft.bench.loop.Turn;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Operations of several kinds, drawn at random by their weights. What the tracker refuses or cannot
 * do is counted; answers that are wrong end the run as ever.
 */
public final class Mix implements Course {

  private static final byte[] ERR = Answer.bytes("ERR ");
  private static final byte[] BUSY = Answer.bytes("ERR busy");

  private final List<Part> parts;
  private final int weights;
  private final SplittableRandom random;
  private final int[] kinds;
  private final Ending[] endings;
  private final TreeMap<String, Long> errors = new TreeMap<>();

  /**
   * One kind.
   *
   * @param dialogue for as many clients as the mix has
   */
  public record Part(String name, int weight, Dialogue dialogue) {

    public Part {
      if (weight < 1) {
        throw new IllegalArgumentException(name + ": a weight is 1 or more");
      }
    }
  }

  /**
   * @param draw how chance falls
   */
  public Mix(List<Part> parts, LookUp.Draw draw) {
    this.parts = List.copyOf(parts);
    this.weights = parts.stream().mapToInt(Part::weight).sum();
    this.random = new SplittableRandom(draw.seed());
    this.kinds = new int[draw.clients()];
    this.endings = new Ending[draw.clients()];
  }

  public List<String> names() {
    return parts.stream().map(Part::name).toList();
  }

  /** What was answered instead of OK, without {@code busy}: its first words, and how often. */
  public Map<String, Long> errors() {
    return new TreeMap<>(errors);
  }

  @Override
  public boolean begin(Turn turn) {
    int kind = draw();
    kinds[turn.client()] = kind;
    return parts.get(kind).dialogue().begin(turn);
  }

  private int draw() {
    int left = random.nextInt(weights);
    int kind = 0;
    while (left >= parts.get(kind).weight()) {
      left -= parts.get(kind).weight();
      kind++;
    }
    return kind;
  }

  @Override
  public int skip() {
    return draw();
  }

  @Override
  public boolean answered(Turn turn, Answer answer) {
    int client = turn.client();
    if (answer.beginsWith(BUSY)) {
      endings[client] = Ending.REFUSED;
    } else if (answer.beginsWith(ERR)) {
      endings[client] = Ending.FAILED;
      errors.merge(firstWords(answer), 1L, Long::sum);
    } else {
      endings[client] = Ending.SERVED;
      return parts.get(kinds[client]).dialogue().answered(turn, answer);
    }
    return true;
  }

  private static String firstWords(Answer answer) {
    var words = answer.text().split(" ", 3);
    return words[0] + " " + words[1];
  }

  @Override
  public int kind(Turn turn) {
    return kinds[turn.client()];
  }

  @Override
  public Ending ending(Turn turn) {
    return endings[turn.client()];
  }
}
