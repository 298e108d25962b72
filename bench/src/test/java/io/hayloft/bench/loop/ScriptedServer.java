package io.hayloft.bench.loop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hayloft.runtime.task.Tasks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Answers each line by a function of it; a request in HTTP as a node that stores everything. */
public final class ScriptedServer implements AutoCloseable {

  private final ServerSocket socket;
  private final Tasks tasks = Tasks.virtual();
  private final UnaryOperator<String> answers;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /**
   * @param answers with their ends; an empty one ends the connection
   */
  public ScriptedServer(UnaryOperator<String> answers) throws IOException {
    this.answers = answers;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    tasks.start("accept", this::accept);
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
  }

  /** All that was asked so far; of requests in HTTP the first line and the body's length. */
  public List<String> requests() {
    return requests;
  }

  private void accept() {
    try {
      while (!socket.isClosed()) {
        var client = socket.accept();
        tasks.start("client", () -> serve(client));
      }
    } catch (IOException closed) {
      // That is how it ends.
    }
  }

  private void serve(Socket client) {
    try (client) {
      var in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        var request = line.contains(" HTTP/1.1") ? line + " " + body(in) : line;
        requests.add(request);
        var answer = answers.apply(request);
        if (answer.isEmpty()) {
          return;
        }
        client.getOutputStream().write(answer.getBytes(ISO_8859_1));
      }
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static int body(BufferedReader in) throws IOException {
    int length = 0;
    for (var line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      if (line.startsWith("Content-Length: ")) {
        length = Integer.parseInt(line.substring("Content-Length: ".length()));
      }
    }
    for (int i = 0; i < length; i++) {
      in.read();
    }
    return length;
  }

  @Override
  public void close() throws IOException {
    socket.close();
    tasks.close();
  }
}
