/** What very many clients that stay connected and ask now and then cost a tracker. */
@NullMarked
package io.hayloft.bench.watchers;

import org.jspecify.annotations.NullMarked;
