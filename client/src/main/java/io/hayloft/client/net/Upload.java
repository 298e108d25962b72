package io.hayloft.client.net;

import java.io.InputStream;
import java.util.OptionalLong;

/**
 * A body on its way to a storage node.
 *
 * @param length empty when nobody knows; it then goes out in chunks
 * @param once whether the bytes can be read only this one time: the node is then asked whether it
 *     wants them before the first is read
 */
public record Upload(InputStream bytes, OptionalLong length, boolean once) {}
