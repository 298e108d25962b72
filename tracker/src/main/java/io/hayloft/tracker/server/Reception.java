package io.hayloft.tracker.server;

import io.hayloft.protocol.ErrorCode;
import io.hayloft.protocol.Reply;
import io.hayloft.protocol.Request;
import io.hayloft.runtime.time.Time;
import io.hayloft.tracker.command.Commands;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each line where it is answered: to the console, at once to a command that takes no time, or
 * into the queue. What is too much is refused with a line that says so.
 */
final class Reception implements LineService {

  private static final Logger log = LoggerFactory.getLogger(Reception.class);

  private final Commands commands;
  private final RequestQueue queue;
  private final Console console;
  private final Console.Desk desk;
  private final Time time;

  Reception(Commands commands, RequestQueue queue, Console console, Console.Desk desk, Time time) {
    this.commands = commands;
    this.queue = queue;
    this.console = console;
    this.desk = desk;
    this.time = time;
  }

  @Override
  public void serve(String line, Visitor visitor, Consumer<String> answer) {
    if (Console.isFor(line)) {
      answer.accept(console.answer(line, visitor));
      return;
    }
    desk.counts().countRequest();
    long arrived = time.nanoTime();
    var request = Request.parse(line);
    var ip = visitor.ip();
    var reply = commands.answerInPassing(request, ip);
    if (reply.isPresent()) {
      long took = time.nanoTime() - arrived;
      desk.recent().add(ip, line, took, took);
      answer.accept(reply.get().line(request.callid()));
      return;
    }
    var errand = new Errand(new Asked(request, line, ip, arrived), answer);
    var lane = commands.isLookUp(request.command()) ? Lane.LOOK_UPS : Lane.OTHERS;
    if (!queue.submit(new RequestQueue.Ticket(ip, line, lane, errand))) {
      errand.giveUp();
    }
  }

  private record Asked(Request request, String line, String ip, long arrived) {}

  /** A request that waits for its turn. */
  private final class Errand implements RequestQueue.Work {

    private final Asked asked;
    private final Consumer<String> answer;

    Errand(Asked asked, Consumer<String> answer) {
      this.asked = asked;
      this.answer = answer;
    }

    @Override
    public void run(long started) {
      ended(reply(asked.request(), asked.ip(), started - asked.arrived()), started);
    }

    @Override
    public boolean begin(long started, RequestQueue.Turn turn) {
      return commands.begin(
          asked.request(),
          asked.ip(),
          started - asked.arrived(),
          reply -> {
            if (reply.isEmpty()) {
              turn.goesOn();
              return;
            }
            try {
              ended(reply.get().line(asked.request().callid()), started);
            } finally {
              turn.ended();
            }
          });
    }

    private void ended(String text, long started) {
      long ended = time.nanoTime();
      desk.recent().add(asked.ip(), asked.line(), ended - asked.arrived(), ended - started);
      answer.accept(text);
    }

    @Override
    public void giveUp() {
      answer.accept(Reply.err(ErrorCode.BUSY).line(asked.request().callid()));
    }
  }

  private String reply(Request request, String ip, long queued) {
    try {
      return commands.answer(request, ip, queued).line(request.callid());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      log.debug("given up while stopping: {}", request.command());
      return Reply.err(ErrorCode.FAILURE).line(request.callid());
    }
  }

  @Override
  public String refuseLongLine() {
    return Reply.err(
            ErrorCode.BAD_PARAMS, "A request has at most " + LineConnection.LONGEST_LINE + " bytes")
        .line(java.util.Optional.empty());
  }

  @Override
  public String refuseVisitor() {
    return Reply.err(ErrorCode.BUSY).line(java.util.Optional.empty());
  }

  @Override
  public void left(Visitor visitor) {
    desk.watchers().left(visitor);
  }
}
