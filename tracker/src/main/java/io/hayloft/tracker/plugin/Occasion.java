package io.hayloft.tracker.plugin;

/** The requests on which plugins are asked for an {@link Opinion}. */
public enum Occasion {
  CREATE_OPEN,
  CREATE_CLOSE,
  UPDATE_CLASS,
  DELETE,
  FILE_INFO,
  FILE_DEBUG,
  GET_PATHS;

  Opinion ask(Hooks hooks, DomainRequest request) {
    return switch (this) {
      case CREATE_OPEN -> hooks.createOpen(request);
      case CREATE_CLOSE -> hooks.createClose(request);
      case UPDATE_CLASS -> hooks.updateClass(request);
      case DELETE -> hooks.delete(request);
      case FILE_INFO -> hooks.fileInfo(request);
      case FILE_DEBUG -> hooks.fileDebug(request);
      case GET_PATHS -> hooks.getPaths(request);
    };
  }
}
