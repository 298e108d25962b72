/**
 * The plugin {@code FilePaths}: keys that are paths, and directories that can be listed. Its tree
 * of names is behind the port {@link io.hayloft.tracker.store.PathStore}.
 */
@NullMarked
package io.hayloft.tracker.plugin.filepaths;

import org.jspecify.annotations.NullMarked;
