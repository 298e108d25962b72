package io.hayloft.bench.call;

import io.hayloft.runtime.time.Time;
import java.util.LinkedHashMap;
import java.util.Map;

/** What figures were measured on: they are worth nothing without. */
public final class Machine {

  private Machine() {}

  /** To be added to. */
  public static Map<String, Object> facts(Time time) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("measuredAt", time.now().toString());
    facts.put("processors", Runtime.getRuntime().availableProcessors());
    facts.put("java", Runtime.version().toString());
    facts.put("kernel", System.getProperty("os.version"));
    return facts;
  }
}
