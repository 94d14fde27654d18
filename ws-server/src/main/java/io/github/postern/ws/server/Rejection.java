package io.github.postern.ws.server;

import io.github.postern.ws.core.handshake.HandshakeRequest;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A socket that did not become a WebSocket.
 *
 * @param remoteAddress the other end of the socket, which may be a proxy
 * @param request the request, if one was read
 * @param status the status that it was answered with, or 0 if the socket was closed without an answer: because the network failed, the TLS handshake failed,
 *     the time was over, or a limit was reached where an answer would have cost too much
 * @param why why, for a log; may hold what the peer sent
 */
public record Rejection(InetSocketAddress remoteAddress, Optional<HandshakeRequest> request, int status, String why) {}
