/**
 * Push sessions: messages both ways between a server and browsers or Java programs, over WebSocket, Server-Sent Events, long polling or polling, whichever gets
 * through.
 *
 * <p><b>Where to begin.</b> {@link io.github.postern.push.PushServer} is a server to start, {@link io.github.postern.push.PushServlet} the same endpoint for a
 * servlet container. Either gives each session, a {@link io.github.postern.push.PushSession}, to a {@link
 * io.github.postern.ws.connection.ConnectionHandler}. {@link io.github.postern.push.PushClient} opens sessions from Java, {@code postern.js}, which the server
 * has at {@code /postern/postern.js}, from a page. {@link io.github.postern.push.Topic} publishes to many sessions, a {@link
 * io.github.postern.push.PushAuthenticator} decides who may have one, {@link io.github.postern.push.PushOptions} and {@link
 * io.github.postern.push.PushClientOptions} hold every limit and timeout.
 *
 * <p><b>The guarantee.</b> While a session lives, each message is handed to the other side's application once and in order, over any transport and any change of
 * transport. When that ends, because the session has expired, a limit was passed or a process is gone, both sides are told so with a reason. What may not have
 * arrived, {@link io.github.postern.push.PushSession#unconfirmed} counts.
 *
 * <p><b>Threads.</b> All calls block, and are meant for virtual threads; any number of them may use a session at the same time. On the server each session's
 * handler runs on a virtual thread of its own, and one slow client holds up nobody else. What a client's session runs is told in {@link
 * io.github.postern.push.PushClient}.
 *
 * <p>The bytes are described by the <a href="https://github.com/postern/postern/blob/main/ws-sse-fallback/PROTOCOL.md">protocol's page</a>, {@code PROTOCOL.md},
 * from which a client or a server can be written; section numbers in this module are its own. What decides, {@code SessionState} on the server, {@code
 * ClientState} and {@code TransportRace} in the client, is pure; {@code LiveSession} and {@code GuardedState} are their locks. A message to a client passes
 *
 * <ol>
 *   <li>{@code ApplicationSession}, which checks its size and waits for room;
 *   <li>{@code SessionState}, which keeps it in its {@code ReplayLog} until the client has acknowledged it;
 *   <li>{@code LiveSession}, from which the current attachment takes a {@code Batch} at a time;
 *   <li>{@code WebSocketCarrier} or {@code HttpCarrier}, which writes it.
 * </ol>
 *
 * <p>One from a client arrives in {@code WebSocketReceiver} or {@code HttpSender}, passes {@code SessionState}, which drops what it has already, and waits in
 * the session's inbox until the application receives it.
 */
package io.github.postern.push;
