/** What every command writes with: lines, tables, JSON, progress, and the way it ends. */
@NullMarked
package io.hayloft.cli.console;

import org.jspecify.annotations.NullMarked;
