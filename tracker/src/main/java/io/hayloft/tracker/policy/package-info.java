/**
 * Where replicas go and where they are read from. Pure: the same view of the cluster and the same
 * random numbers give the same choice.
 */
@NullMarked
package io.hayloft.tracker.policy;

import org.jspecify.annotations.NullMarked;
