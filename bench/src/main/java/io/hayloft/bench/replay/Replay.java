package io.hayloft.bench.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Course;
import io.hayloft.bench.loop.Ending;
import io.hayloft.bench.loop.Request;
import io.hayloft.bench.loop.Schedule;
import io.hayloft.bench.loop.Turn;
import io.hayloft.bench.tracker.talk.Place;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * The accesses of a log, one after the other, each when it was: by the tracker's commands, and over
 * HTTP by the nodes that it names.
 *
 * <p>What is there when an access comes may differ from what was: two that were near each other may
 * change places. So a file that is missing, or there although it was not, is no wrong answer. It is
 * counted.
 */
final class Replay implements Course, Schedule {

  private static final byte[] END = Answer.bytes("\r\n");
  private static final byte[] PATHS = Answer.bytes("get_paths noverify=1&domain=");
  private static final byte[] INFO = Answer.bytes("file_info domain=");
  private static final byte[] OPEN = Answer.bytes("create_open domain=");
  private static final byte[] CLOSE = Answer.bytes("create_close domain=");
  private static final byte[] DELETE = Answer.bytes("delete domain=");
  private static final byte[] KEY = Answer.bytes("&key=");
  private static final byte[] CLASS = Answer.bytes("&class=");
  private static final byte[] BUSY = Answer.bytes("ERR busy");
  private static final byte[] MISSING = Answer.bytes("ERR unknown_key");

  private final Log log;
  private final double speed;
  private final byte[] domain;
  private final byte[] fileClass;
  private final ByteBuffer bytes;
  private final Client[] clients;
  private final TreeMap<String, Long> errors = new TreeMap<>();
  private int scheduled;
  private int begun;
  private long missing;
  private long bytesRead;
  private long bytesStored;

  /** How far one is. */
  private static final class Client {

    private final Place place = new Place();
    private int access;
    private Step step = Step.ONLY;
    private Ending ending = Ending.SERVED;
  }

  private enum Step {
    /** A command that is answered, and that is all. */
    ONLY,
    LOOK,
    GET,
    OPEN,
    PUT,
    CLOSE
  }

  /**
   * Where files are stored.
   *
   * @param fileClass empty for that of the domain
   */
  record Target(String domain, String fileClass) {}

  /**
   * @param speed how many times as fast as it was recorded
   * @param bytes of which files are stored, as many as the largest has
   */
  Replay(Log log, double speed, Target target, ByteBuffer bytes, int clients) {
    this.log = log;
    this.speed = speed;
    this.domain = escaped(target.domain());
    this.fileClass = escaped(target.fileClass());
    this.bytes = bytes;
    this.clients = new Client[clients];
    for (int i = 0; i < clients; i++) {
      this.clients[i] = new Client();
    }
  }

  private static byte[] escaped(String text) {
    return Answer.bytes(URLEncoder.encode(text, ISO_8859_1));
  }

  @Override
  public long next() {
    return scheduled < log.count() ? (long) (log.at(scheduled++) / speed) : OVER;
  }

  @Override
  public boolean begin(Turn turn) {
    var client = clients[turn.client()];
    client.access = begun++;
    switch (log.method(client.access)) {
      case GET -> ask(client, turn, Step.LOOK, PATHS);
      case HEAD -> ask(client, turn, Step.ONLY, INFO);
      case DELETE -> ask(client, turn, Step.ONLY, DELETE);
      case PUT -> {
        client.step = Step.OPEN;
        var request = toTracker(client, turn, OPEN);
        if (fileClass.length > 0) {
          request.put(CLASS).put(fileClass);
        }
        request.put(END);
      }
    }
    return true;
  }

  private void ask(Client client, Turn turn, Step step, byte[] command) {
    client.step = step;
    var _ = toTracker(client, turn, command).put(END);
  }

  private Request toTracker(Client client, Turn turn, byte[] command) {
    return turn.toTracker().put(command).put(domain).put(KEY).put(escaped(log.key(client.access)));
  }

  @Override
  public boolean answered(Turn turn, Answer answer) {
    var client = clients[turn.client()];
    return switch (client.step) {
      case ONLY -> endsWith(client, answer);
      case LOOK -> {
        if (!answer.isOk()) {
          yield endsWith(client, answer);
        }
        client.place.found(answer);
        client.place.get(turn);
        client.step = Step.GET;
        yield false;
      }
      case GET -> {
        bytesRead += answer.bodyLength();
        yield endsWithStatus(client, answer);
      }
      case OPEN -> {
        if (!answer.isOk()) {
          yield endsWith(client, answer);
        }
        client.place.opened(answer);
        client.place.put(turn, body(client));
        client.step = Step.PUT;
        yield false;
      }
      case PUT -> {
        if (answer.status() / 100 != 2) {
          yield endsWithStatus(client, answer);
        }
        close(client, turn);
        yield false;
      }
      case CLOSE -> {
        bytesStored += log.size(client.access);
        yield endsWith(client, answer);
      }
    };
  }

  private ByteBuffer body(Client client) {
    return bytes.slice(0, log.size(client.access));
  }

  private void close(Client client, Turn turn) {
    client.step = Step.CLOSE;
    var request = toTracker(client, turn, CLOSE);
    client.place.told(request, log.size(client.access)).put(END);
  }

  private boolean endsWith(Client client, Answer answer) {
    if (answer.isOk()) {
      client.ending = Ending.SERVED;
    } else if (answer.beginsWith(BUSY)) {
      client.ending = Ending.REFUSED;
    } else if (answer.beginsWith(MISSING)) {
      // An answer as any other; most are as it was.
      missing += log.isFound(client.access) ? 1 : 0;
      client.ending = Ending.SERVED;
    } else {
      client.ending = Ending.FAILED;
      count(answer);
    }
    return true;
  }

  private boolean endsWithStatus(Client client, Answer answer) {
    boolean well = answer.status() / 100 == 2;
    client.ending = well ? Ending.SERVED : Ending.FAILED;
    if (!well) {
      count(answer);
    }
    return true;
  }

  private void count(Answer answer) {
    var words = answer.text().split("[ \r\n]", 3);
    errors.merge(words[0] + " " + (words.length > 1 ? words[1] : ""), 1L, Long::sum);
  }

  @Override
  public int skip() {
    return log.method(begun++).number();
  }

  @Override
  public int kind(Turn turn) {
    return log.method(clients[turn.client()].access).number();
  }

  @Override
  public Ending ending(Turn turn) {
    return clients[turn.client()].ending;
  }

  /** How many have begun or were passed over. */
  int begun() {
    return begun;
  }

  /** Files that were there when the log was written, and are not. */
  long missing() {
    return missing;
  }

  long bytesRead() {
    return bytesRead;
  }

  long bytesStored() {
    return bytesStored;
  }

  /** What was answered and was no answer to be expected: its first words, and how often. */
  Map<String, Long> errors() {
    return new TreeMap<>(errors);
  }
}
