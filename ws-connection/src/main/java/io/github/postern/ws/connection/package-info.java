/**
 * The blocking WebSocket connection that server and client share.
 *
 * <p>For applications: {@link io.github.postern.ws.connection.Connection} is what every transport offers, {@link
 * io.github.postern.ws.connection.WebSocket} adds what only WebSocket has; {@link
 * io.github.postern.ws.connection.ConnectionHandler} and {@link io.github.postern.ws.connection.ConnectionListener} are two
 * styles over the same engine. For integrators: {@link io.github.postern.ws.connection.Transport} and {@link
 * io.github.postern.ws.connection.WebSocketConnection}.
 *
 * <p>A received message passes
 *
 * <ol>
 *   <li>{@code Transport.read}, on the thread that is inside {@code receive}: it has the <em>lead</em>. When nobody has had it for a
 *       second, a <em>stand-in</em> takes it;
 *   <li>{@code InputBuffer}, small while the connection is idle, borrowed and large while it is busy;
 *   <li>{@code Inbound} of ws-core, which decodes and checks. Pings, Pongs and Closes end here: their replies go to {@code Sending};
 *   <li>{@code Receiving}, which returns it, or keeps it in the <em>inbox</em> if a stand-in read it.
 * </ol>
 *
 * <p>A sent message passes {@code Sending}, which orders the senders by one fair lock, {@code Outbound} of ws-core, which encodes it
 * into a borrowed buffer, and {@code Transport.write}. It is written before {@code send} returns, unless the sender received its last
 * message from a batch of which more is waiting: then the next {@code receive} writes it, or the <em>watchdog</em> a few
 * milliseconds later.
 *
 * <p>A connection is open, then closing when a Close frame was sent or received, then has ended, once and for good, with a
 * {@link io.github.postern.ws.connection.CloseInfo}. It ends when both Close frames have passed and, for a client, the peer has closed TCP (or lingered too
 * long), when the peer broke a rule and was told so, when the network or a deadline says so, or by {@code abort}.
 */
package io.github.postern.ws.connection;
