package io.hayloft.node.requests;

import io.hayloft.node.blob.RequestPath;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where a copy is fetched from: {@code http://ADDRESS[:PORT]/devN/….fid}, and nothing else. The
 * address is one, not a name that somebody else resolves, and the path can only be that of a file
 * on a storage node: whoever may ask this node to copy cannot make it ask for other things.
 *
 * @param authority address and port as they stand in the URL
 */
record SourceUrl(InetSocketAddress address, String authority, String path) {

  private static final String SCHEME = "http://";
  private static final int USUAL_PORT = 80;
  private static final int HIGHEST_PORT = 65_535;

  static SourceUrl parse(String text) throws BadRequestException {
    int slash = text.indexOf('/', SCHEME.length());
    if (!text.startsWith(SCHEME) || slash < 0) {
      throw bad(text);
    }
    var path = text.substring(slash);
    if (!path.endsWith(".fid") || !(RequestPath.forWriting(path) instanceof RequestPath.InDevice)) {
      throw bad(text);
    }
    var authority = text.substring(SCHEME.length(), slash);
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']');
    var host = hasPort ? authority.substring(0, colon) : authority;
    long port = hasPort ? Words.number(authority.substring(colon + 1), "a port") : USUAL_PORT;
    if (port < 1 || port > HIGHEST_PORT) {
      throw bad(text);
    }
    return new SourceUrl(new InetSocketAddress(literal(host, text), (int) port), authority, path);
  }

  private static InetAddress literal(String host, String text) throws BadRequestException {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (host.isEmpty() || (!bracketed && host.indexOf(':') >= 0)) {
      throw bad(text);
    }
    try {
      return InetAddress.ofLiteral(bracketed ? host.substring(1, host.length() - 1) : host);
    } catch (IllegalArgumentException notAnAddress) {
      throw bad(text);
    }
  }

  private static BadRequestException bad(String text) {
    return new BadRequestException("Not http://ADDRESS[:PORT]/devN/….fid: " + Words.reason(text));
  }
}
