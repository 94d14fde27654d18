/**
 * Whole servers compared: {@link ServersBenchmark} starts each in a process of its own, and beside it one process that loads it.
 *
 * <p>A {@link Row} says what is measured, a {@link Peer} which server, a {@link Measure} in what. The load is in {@link MessageLoad},
 * {@link HandshakeLoad} and {@link IdleLoad}. {@link Hold} compares nothing: it shows that our server keeps all of many connections.
 */
@NullMarked
package io.github.postern.benchmarks.server;

import org.jspecify.annotations.NullMarked;
