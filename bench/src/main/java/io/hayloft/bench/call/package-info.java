/** What all commands of this module share: how they speak, choose and describe the machine. */
@NullMarked
package io.hayloft.bench.call;

import org.jspecify.annotations.NullMarked;
