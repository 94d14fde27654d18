/**
 * A WebSocket server on virtual threads: {@link io.github.postern.ws.server.WebSocketServer}.
 *
 * <p>A socket passes
 *
 * <ol>
 *   <li>{@code AcceptLoop}, which gives it a virtual thread;
 *   <li>{@code Guest}, which runs on that thread from the first byte to the last: TLS, the request's head, the answer;
 *   <li>{@code Admission}, which counts it in or turns it away with 503;
 *   <li>{@code Reception}, which decides what the request is answered with: route, {@link
 *       io.github.postern.ws.server.OriginPolicy}, handshake;
 *   <li>the handler of its path, with a {@link io.github.postern.ws.connection.WebSocket}.
 * </ol>
 */
package io.github.postern.ws.server;
