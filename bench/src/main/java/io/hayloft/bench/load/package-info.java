/** What asks the servers: a load generator of its own process, and clients for special loads. */
@NullMarked
package io.hayloft.bench.load;

import org.jspecify.annotations.NullMarked;
