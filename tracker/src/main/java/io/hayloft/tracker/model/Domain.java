package io.hayloft.tracker.model;

/**
 * A name space of keys.
 *
 * @param name as on the wire, one char per byte
 */
public record Domain(DomainId id, String name) {}
