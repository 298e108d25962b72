package io.hayloft.tracker.plugin.filepaths;

import io.hayloft.tracker.plugin.Ground;
import io.hayloft.tracker.plugin.Hooks;
import io.hayloft.tracker.plugin.Plugin;

/** Lets the keys of chosen domains be paths of a tree. Known to MogileFS by the same name. */
public final class FilePaths implements Plugin {

  @Override
  public String name() {
    return "FilePaths";
  }

  @Override
  public Hooks start(Ground ground) {
    return new PathHooks(ground.paths());
  }
}
