package io.hayloft.tracker.command;

import static io.hayloft.protocol.ErrorCode.BAD_PARAMS;
import static io.hayloft.protocol.ErrorCode.NO_IP;
import static io.hayloft.protocol.ErrorCode.NO_PORT;
import static io.hayloft.protocol.ErrorCode.UNKNOWN_STATE;

import io.hayloft.protocol.Arguments;
import io.hayloft.protocol.ErrorCode;
import io.hayloft.tracker.model.HostAddresses;
import io.hayloft.tracker.model.HostStatus;
import io.hayloft.tracker.model.Netmask;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a request says of a host, laid over what holds already: only arguments that are present
 * change anything. Refuses what nothing could ever be reached at.
 *
 * @param known what holds for arguments that are absent
 */
record HostTerms(Call call, HostAddresses known) {

  private static final int MAX_PORT = 65_535;

  /** The width of the column. */
  private static final int MAX_MASK = 18;

  /** For a host that does not exist yet. */
  static HostTerms ofNew(Call call) {
    return new HostTerms(
        call, new HostAddresses("", 0, OptionalInt.empty(), Optional.empty(), Optional.empty()));
  }

  HostAddresses addresses() {
    var ip = given("ip", "hostip").orElse(known.ip());
    refuseUnless(!ip.isEmpty() && !ip.equals("0"), NO_IP);
    var givenPort = given("port", "http_port");
    refuseUnless(givenPort.map(Arguments::isTrue).orElse(known.httpPort() != 0), NO_PORT);
    // Refuses an unknown one, before anything that only we are strict about.
    status(HostStatus.DOWN);
    var port = givenPort.map(this::port).orElse(known.httpPort());
    refuseUnless(port != 0, NO_PORT);
    refuseUnless(isIp(ip), BAD_PARAMS);
    var altIp = given("altip", "altip");
    refuseUnless(altIp.filter(text -> !text.isEmpty() && !isIp(text)).isEmpty(), BAD_PARAMS);
    var altMask = given("altmask", "altmask");
    refuseUnless(altMask.filter(text -> !text.isEmpty() && !isMask(text)).isEmpty(), BAD_PARAMS);
    return new HostAddresses(
        ip, port, getPort(), merged(altIp, known.altIp()), merged(altMask, known.altMask()));
  }

  HostStatus status(HostStatus otherwise) {
    return call.arguments()
        .get("status")
        .filter(Arguments::isTrue)
        .map(word -> HostStatus.named(word).orElseThrow(() -> new Refused(UNKNOWN_STATE)))
        .orElse(otherwise);
  }

  private OptionalInt getPort() {
    var given = given("getport", "http_get_port");
    if (given.isEmpty()) {
      return known.getPort();
    }
    int port = port(given.get());
    return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
  }

  /** 0 for none. */
  private int port(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    refuseUnless(text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= MAX_PORT, BAD_PARAMS);
    return Integer.parseInt(text);
  }

  /** An argument under its own name or that of its column. */
  private Optional<String> given(String name, String column) {
    return call.arguments().get(name).or(() -> call.arguments().get(column));
  }

  /** What is given empty is taken away. */
  private static Optional<String> merged(Optional<String> given, Optional<String> known) {
    return given.isPresent() ? given.filter(text -> !text.isEmpty()) : known;
  }

  private static boolean isIp(String text) {
    return text.matches("[0-9.]{7,15}") && Netmask.parse(text).isPresent();
  }

  private static boolean isMask(String text) {
    return text.length() <= MAX_MASK && Netmask.parse(text).isPresent();
  }

  private static void refuseUnless(boolean condition, ErrorCode code) {
    if (!condition) {
      throw new Refused(code);
    }
  }
}
