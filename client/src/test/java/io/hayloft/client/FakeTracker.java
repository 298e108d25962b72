package io.hayloft.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.protocol.Reply;
import io.hayloft.protocol.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** A tracker that misbehaves by plan. */
final class FakeTracker extends SocketServer {

  enum Fault {
    /** Ends the connection, having done nothing. */
    CLOSE_UNDONE,
    /** Does what was asked, and ends the connection instead of answering. */
    CLOSE_DONE,
    /** Does what was asked, and ends the connection in the middle of the answer. */
    CLOSE_MID_REPLY,
    /** Does nothing and says nothing. */
    HANG,
    /** Does what was asked, and answers only when the test says so. */
    LATE,
    /** Answers with the callid of another request. */
    WRONG_CALLID,
    /** Answers without a callid, as very old trackers do. */
    NO_CALLID,
    /** Answers twice. */
    TWICE,
    /** Answers something that is not a reply. */
    GARBAGE,
    /** Answers a line that does not end. */
    ENDLESS,
    /** Answers a line that does not end, a byte at a time, with never a long pause. */
    TRICKLE,
    /** Does nothing and says it is overloaded. */
    BUSY,
    /** Does nothing and says its database fails. */
    DB
  }

  /** What the tracker does when nothing is planned. */
  interface Commands {
    Reply apply(Request request);
  }

  private final Commands commands;
  private final Map<String, Queue<Fault>> plan = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Semaphore late = new Semaphore(0);
  private volatile Function<String, List<String>> console = line -> List.of();
  private volatile boolean mute;

  FakeTracker(Commands commands) {
    this.commands = commands;
    start();
  }

  TrackerAddress address() {
    return new TrackerAddress("127.0.0.1", port());
  }

  /** The next requests of this command meet these faults, one each. */
  void plan(String command, Fault... faults) {
    var queue = plan.computeIfAbsent(command, absent -> new ArrayDeque<>());
    synchronized (queue) {
      queue.addAll(List.of(faults));
    }
  }

  /** Never echoes a callid, as very old trackers. */
  void mute() {
    mute = true;
  }

  void console(Function<String, List<String>> answers) {
    console = answers;
  }

  /** Lets one late answer go. */
  void answerLate() {
    late.release();
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  List<Request> requests(String command) {
    return requests.stream().filter(each -> each.command().equals(command)).toList();
  }

  List<String> commands() {
    return requests.stream().map(Request::command).toList();
  }

  private Optional<Fault> fault(String command) {
    var queue = plan.get(command);
    if (queue == null) {
      return Optional.empty();
    }
    synchronized (queue) {
      return Optional.ofNullable(queue.poll());
    }
  }

  @Override
  void serve(Socket socket) throws IOException {
    var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    var out = socket.getOutputStream();
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("!")) {
        for (var answer : console.apply(line)) {
          send(out, answer + "\r\n");
        }
        send(out, ".\r\n");
      } else if (!answer(Request.parse(line), out)) {
        return;
      }
    }
  }

  private boolean answer(Request request, OutputStream out) throws IOException {
    requests.add(request);
    var callid = mute ? Optional.<String>empty() : request.callid();
    var fault = fault(request.command());
    if (fault.isEmpty()) {
      send(out, commands.apply(request).line(callid));
      return true;
    }
    switch (fault.get()) {
      case CLOSE_UNDONE -> {
        return false;
      }
      case CLOSE_DONE -> {
        commands.apply(request);
        return false;
      }
      case CLOSE_MID_REPLY -> {
        var line = commands.apply(request).line(callid);
        send(out, line.substring(0, line.length() - 2));
        return false;
      }
      case HANG -> hang();
      case LATE -> {
        var line = commands.apply(request).line(callid);
        late.acquireUninterruptibly();
        send(out, line);
      }
      case WRONG_CALLID -> send(out, commands.apply(request).line(Optional.of("another")));
      case NO_CALLID -> send(out, commands.apply(request).line(Optional.empty()));
      case TWICE -> {
        var line = commands.apply(request).line(callid);
        send(out, line + line);
      }
      case GARBAGE -> send(out, "HTTP/1.1 400 Bad Request\r\n");
      case ENDLESS -> {
        var piece = "a".repeat(64 * 1024);
        while (true) {
          send(out, piece);
        }
      }
      case TRICKLE -> {
        while (true) {
          dawdle();
          send(out, "a");
        }
      }
      case BUSY -> send(out, new Reply.Err("busy", "later").line(callid));
      case DB -> send(out, new Reply.Err("db", "Database error").line(callid));
    }
    return true;
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(ISO_8859_1));
    out.flush();
  }
}
