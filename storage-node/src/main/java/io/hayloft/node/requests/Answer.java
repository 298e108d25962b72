package io.hayloft.node.requests;

/** Where the lines of an answer go, each as soon as it is known. May be used by many threads. */
public interface Answer {

  /**
   * Says by the status as well how the only item of a request ended. Of no effect once a line or a
   * sign of life was sent.
   */
  void status(int status);

  /** Sends a line, or several with line ends between them, soon. Never waits. */
  void line(CharSequence text);

  /**
   * Waits while so much is unsent that more should not be made. Who makes lines without end calls
   * this now and then; a list's answer is bounded by the list.
   *
   * @throws InterruptedException also when whoever asked does not listen any more
   */
  void awaitRoom() throws InterruptedException;
}
