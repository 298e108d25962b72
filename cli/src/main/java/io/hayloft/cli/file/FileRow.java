package io.hayloft.cli.file;

import io.hayloft.cli.console.Json;
import io.hayloft.client.FileInfo;
import io.hayloft.protocol.DeviceId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file's properties for programs, in the original's words. */
final class FileRow {

  private FileRow() {}

  static Map<String, @Nullable Object> json(FileInfo file) {
    return Json.object(
        "key", file.key().toString(),
        "domain", file.name().domain(),
        "class", file.fileClass(),
        "fid", file.fid().value(),
        "length", file.length(),
        "devcount", file.copies().count(),
        "devids", file.copies().devices().stream().map(DeviceId::value).sorted().toList(),
        "checksum", file.checksum().map(Object::toString).orElse(null));
  }
}
