/** Logging that stays readable when the same thing goes wrong a million times. */
@NullMarked
package io.hayloft.runtime.log;

import org.jspecify.annotations.NullMarked;
