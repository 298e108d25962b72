/**
 * What an installation can add to a tracker: a {@link io.hayloft.tracker.plugin.Plugin} is found on
 * the class path, named in the configuration, and hears of requests and decisions through its
 * {@link io.hayloft.tracker.plugin.Hooks}. It may veto, rewrite and reorder, and may bring commands
 * of its own. How to write one is in {@code docs/plugins.md}.
 */
@NullMarked
package io.hayloft.tracker.plugin;

import org.jspecify.annotations.NullMarked;
