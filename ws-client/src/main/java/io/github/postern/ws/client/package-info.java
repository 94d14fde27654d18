/**
 * A WebSocket client: {@link io.github.postern.ws.client.WebSocketClient} opens a {@link
 * io.github.postern.ws.connection.WebSocket} over TCP or TLS, directly or through a proxy, and {@link
 * io.github.postern.ws.client.ReconnectingWebSocket} keeps one open.
 *
 * <p>The way of a call of connect: {@code ConnectCall} bounds it, {@code Opening} goes from target to target, {@code
 * Connector} gets a TCP stream by means of {@code Dialer} and, if there is a proxy, {@code HttpTunnel} or {@code
 * SocksTunnel}, and {@code Exchange} does TLS and handshake.
 */
package io.github.postern.ws.client;
