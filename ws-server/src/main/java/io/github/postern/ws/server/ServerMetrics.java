package io.github.postern.ws.server;

/**
 * What a server has done so far, for a monitoring system to poll. What its connections do is in
 * {@link io.github.postern.ws.connection.ConnectionMetrics}.
 *
 * @param accepted how many handshakes became WebSockets
 * @param rejected how many sockets did not, but for those whose plain request was answered
 * @param open how many connections are open now
 * @param handshakes how many handshakes are in progress now
 */
public record ServerMetrics(long accepted, long rejected, int open, int handshakes) {}
