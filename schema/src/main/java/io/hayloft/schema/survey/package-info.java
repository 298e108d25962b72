/**
 * Looking at a database that MogileFS made, without changing it: facts only. What they mean for
 * taking it over is judged elsewhere.
 */
@NullMarked
package io.hayloft.schema.survey;

import org.jspecify.annotations.NullMarked;
