package io.hayloft.client;

import io.hayloft.client.net.NodeHttp;
import java.io.IOException;
import java.net.URI;

/** Small documents of storage nodes. */
final class NodeDocuments {

  private static final int LARGEST = 64 * 1024;

  private NodeDocuments() {}

  static byte[] fetch(NodeHttp nodes, HostInfo.Address address, String path) throws IOException {
    int port = address.getPort().orElse(address.port());
    var url = URI.create("http://" + address.ip() + ":" + port + path);
    try (var reply = nodes.get(url)) {
      if (!reply.success()) {
        throw new IOException(url + " answered HTTP status " + reply.status());
      }
      var bytes = reply.body().readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new IOException(url + " is larger than " + LARGEST + " bytes");
      }
      return bytes;
    }
  }
}
