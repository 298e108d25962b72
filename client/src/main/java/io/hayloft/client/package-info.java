/**
 * The Java client of Hayloft and of MogileFS: keeps files under keys on many disks.
 *
 * <p>An application has one {@link io.hayloft.client.Hayloft} for each domain and shares it between
 * its threads:
 *
 * <pre>{@code
 * try (var hayloft =
 *     Hayloft.builder().trackers("tracker1,tracker2:7001").domain("photos").build()) {
 *
 *   hayloft.store("user/7/portrait", Path.of("portrait.jpg"));
 *
 *   try (InputStream bytes = hayloft.open("user/7/portrait")) {
 *     bytes.transferTo(response.getOutputStream());
 *   }
 *
 *   try (Stream<Key> keys = hayloft.list("user/7/")) {
 *     keys.forEach(System.out::println);
 *   }
 *
 *   hayloft.delete("user/7/portrait");
 * }
 * }</pre>
 *
 * <p>More is said with options. Here two copies must be safe before the call returns, and the
 * tracker compares what was written with a digest made on the way:
 *
 * <pre>{@code
 * hayloft.store(
 *     "user/7/original",
 *     Source.of(Path.of("original.tiff")),
 *     StoreOptions.DEFAULT.fileClass("original").checksumVerified(HashAlgorithm.MD5).mincopies(2));
 * }</pre>
 *
 * <p>What fails is a {@link io.hayloft.client.HayloftException}, an {@code IOException} that tells
 * whether trying again is any use:
 *
 * <pre>{@code
 * try {
 *   hayloft.store(key, bytes);
 * } catch (HayloftException e) {
 *   if (e.isRetryable()) {
 *     later.add(key, bytes);
 *   } else {
 *     throw e;
 *   }
 * }
 * }</pre>
 *
 * <p>{@link io.hayloft.client.FileMissingException}, {@link
 * io.hayloft.client.UnreachableException}, {@link io.hayloft.client.DamagedFileException} and
 * {@link io.hayloft.client.OutcomeUnknownException} are the kinds a program may want to tell apart;
 * for all else there is the tracker's own word, {@link
 * io.hayloft.client.HayloftException#errorCode}.
 *
 * <p>Administrators' programs use {@link io.hayloft.client.HayloftAdmin}:
 *
 * <pre>{@code
 * try (var admin = HayloftAdmin.builder().trackers("tracker1").build()) {
 *   admin.createHost(HostChange.of("store1").ip("10.0.0.1").port(7500).state(HostState.ALIVE));
 *   admin.createDevice(admin.nextDevice(), "store1", DeviceState.ALIVE);
 *   admin.createDomain("photos");
 *   admin.createClass("photos", ClassDefinition.of("original", 3).hashtype("MD5"));
 * }
 * }</pre>
 *
 * <p>The only libraries needed are slf4j's API and Hayloft's own protocol module. The client logs
 * each copy of a file that failed as a warning and each repeated upload as information.
 */
@NullMarked
package io.hayloft.client;

import org.jspecify.annotations.NullMarked;
