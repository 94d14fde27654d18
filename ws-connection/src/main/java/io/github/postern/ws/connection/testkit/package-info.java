/**
 * For tests: WebSocket connections without sockets, and transports with faults.
 *
 * <p>{@link io.github.postern.ws.connection.testkit.ConnectionPair} joins a server's and a client's connection in memory, so that a handler can be tested as
 * it is, through the whole protocol, in microseconds:
 *
 * {@snippet class="io.github.postern.verify.examples.ConnectionExamplesTest" region="pair" :
 * try (var pair = ConnectionPair.serve(new ChatHandler())) {
 *     pair.client().send("hello");
 *     assertEquals(new Message.Text("welcome"), pair.client().receive());
 * }
 * }
 *
 * <p>A {@link io.github.postern.ws.connection.testkit.ManualClock} turns the time, so that no test waits for a deadline:
 *
 * {@snippet class="io.github.postern.verify.examples.ConnectionExamplesTest" region="clock" :
 * var clock = new ManualClock();
 * try (var pair = ConnectionPair.builder().clock(clock).serve(new ChatHandler())) {
 *     clock.advance(Duration.ofMinutes(10)); // what the handler does if nobody says anything
 *     assertEquals(new Message.Text("still there?"), pair.client().receive());
 * }
 * }
 *
 * <p>{@link io.github.postern.ws.connection.testkit.MemoryTransport} is what carries the bytes, and
 * {@link io.github.postern.ws.connection.testkit.FaultyTransport} splits, delays, stalls, truncates or resets them.
 */
package io.github.postern.ws.connection.testkit;
