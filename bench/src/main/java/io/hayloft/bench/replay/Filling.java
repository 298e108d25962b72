package io.hayloft.bench.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.bench.loop.Answer;
import io.hayloft.bench.loop.Dialogue;
import io.hayloft.bench.loop.Request;
import io.hayloft.bench.loop.Turn;
import io.hayloft.bench.tracker.talk.Place;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** Uploads files of given keys and sizes, each of which must succeed. */
final class Filling implements Dialogue {

  private final List<Map.Entry<String, Integer>> files;
  private final String names;
  private final ByteBuffer bytes;
  private final Client[] clients;
  private int begun;
  private int done;

  private enum Step {
    OPEN,
    PUT,
    CLOSE
  }

  private static final class Client {

    private final Place place = new Place();
    private Step step = Step.OPEN;
    private int file;
  }

  Filling(
      List<Map.Entry<String, Integer>> files, Replay.Target target, ByteBuffer bytes, int clients) {
    this.files = List.copyOf(files);
    this.names =
        "domain="
            + URLEncoder.encode(target.domain(), ISO_8859_1)
            + (target.fileClass().isEmpty()
                ? ""
                : "&class=" + URLEncoder.encode(target.fileClass(), ISO_8859_1))
            + "&key=";
    this.bytes = bytes;
    this.clients = new Client[clients];
    for (int i = 0; i < clients; i++) {
      this.clients[i] = new Client();
    }
  }

  boolean isOver() {
    return done == files.size();
  }

  int done() {
    return done;
  }

  @Override
  public boolean begin(Turn turn) {
    if (begun == files.size()) {
      return false;
    }
    var client = clients[turn.client()];
    client.step = Step.OPEN;
    client.file = begun++;
    ask(client, turn, "create_open ").put(Answer.bytes("\r\n"));
    return true;
  }

  private Request ask(Client client, Turn turn, String command) {
    var key = URLEncoder.encode(files.get(client.file).getKey(), ISO_8859_1);
    return turn.toTracker().put(Answer.bytes(command + names + key));
  }

  @Override
  public boolean answered(Turn turn, Answer answer) {
    var client = clients[turn.client()];
    int size = files.get(client.file).getValue();
    switch (client.step) {
      case OPEN -> {
        mustBe(answer.isOk(), answer);
        client.place.opened(answer);
        client.place.put(turn, bytes.slice(0, size));
        client.step = Step.PUT;
      }
      case PUT -> {
        mustBe(answer.status() / 100 == 2, answer);
        client.place.told(ask(client, turn, "create_close "), size).put(Answer.bytes("\r\n"));
        client.step = Step.CLOSE;
      }
      case CLOSE -> {
        mustBe(answer.isOk(), answer);
        done++;
        return true;
      }
    }
    return false;
  }

  private static void mustBe(boolean well, Answer answer) {
    if (!well) {
      throw answer.wrong("a file that is to be there could not be stored");
    }
  }
}
