/**
 * What it means for an installation of MogileFS to be taken over as it is found: what stays, what
 * will be different, what is in the way. Judgements only; nothing is read or changed here.
 */
@NullMarked
package io.hayloft.cli.takeover;

import org.jspecify.annotations.NullMarked;
