/** The commands for files: put, get, cat, ls, stat, rm, mv. */
@NullMarked
package io.hayloft.cli.file;

import org.jspecify.annotations.NullMarked;
