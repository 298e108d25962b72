package io.hayloft.cli.console;

import io.hayloft.client.FileMissingException;
import io.hayloft.client.HayloftException;
import io.hayloft.client.UnreachableException;
import io.hayloft.protocol.ErrorCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.EnumSet;
import java.util.Set;

/** What a failure means: one line for people, an exit code for scripts. */
public final class Sentences {

  private static final Set<ErrorCode> NOT_THERE =
      EnumSet.of(
          ErrorCode.CLASS_NOT_FOUND,
          ErrorCode.DOMAIN_NOT_FOUND,
          ErrorCode.HOST_NOT_FOUND,
          ErrorCode.INVALID_KEY,
          ErrorCode.NO_DEVICE,
          ErrorCode.NONE_MATCH,
          ErrorCode.UNKNOWN_FID,
          ErrorCode.UNKNOWN_HOST,
          ErrorCode.UNKNOWN_HOSTID,
          ErrorCode.UNKNOWN_KEY,
          ErrorCode.UNREG_CLASS,
          ErrorCode.UNREG_DOMAIN);

  private Sentences() {}

  public static ExitCode exitCode(IOException failure) {
    return switch (failure) {
      case FileMissingException missing -> ExitCode.NOT_FOUND;
      case UnreachableException unreachable -> ExitCode.UNREACHABLE;
      case NoSuchFileException missing -> ExitCode.NOT_FOUND;
      case HayloftException refused ->
          refused.errorCode().map(NOT_THERE::contains).orElse(false)
              ? ExitCode.NOT_FOUND
              : ExitCode.FAILED;
      default -> ExitCode.FAILED;
    };
  }

  public static String of(IOException failure) {
    return switch (failure) {
      case NoSuchFileException e -> "there is no file " + e.getFile();
      case AccessDeniedException e -> e.getFile() + " may not be read or written by this user";
      case FileAlreadyExistsException e -> e.getFile() + " is there already";
      case UnreachableException e ->
          e.getMessage() + ". Is the cluster running? hayloft dev starts one on this machine";
      default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
    };
  }
}
