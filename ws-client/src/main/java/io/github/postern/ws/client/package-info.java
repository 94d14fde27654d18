/**
 * A WebSocket client: {@link io.github.postern.ws.client.WebSocketClient} opens a {@link
 * io.github.postern.ws.connection.WebSocket} over TCP or TLS.
 */
package io.github.postern.ws.client;
