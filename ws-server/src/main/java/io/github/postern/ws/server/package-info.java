/**
 * A WebSocket server on virtual threads: {@link io.github.postern.ws.server.WebSocketServer}.
 *
 * <p>A socket passes
 *
 * <ol>
 *   <li>{@code AcceptLoop}, one thread for each address;
 *   <li>{@code Admission}, which counts it in or turns it away with 503;
 *   <li>{@code Guest}, which runs on a virtual thread from the first byte to the answer: TLS, the request's head;
 *   <li>{@code Reception}, which decides what the request is answered with: allowed hosts, route, {@link
 *       io.github.postern.ws.server.OriginPolicy}, handshake, {@link io.github.postern.ws.server.UpgradePolicy};
 *   <li>{@code OpenConnection}, on a virtual thread of its own, which calls the handler of its path with a {@link
 *       io.github.postern.ws.connection.WebSocket}.
 * </ol>
 *
 * <p>Meanwhile {@code ConnectionRegistry} knows it, so that {@code DeadlineWatch} and the shutdown can end it.
 */
package io.github.postern.ws.server;
