package io.github.postern.push;

import io.github.postern.ws.core.handshake.HandshakeResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Blocker;

/**
 * Takes a connection over from Jetty 12.1 through its core API, since {@link HttpServletRequest#upgrade} does not work there for a request without
 * a body: the connection goes on parsing HTTP. Over HTTP/2 the same way leads to the stream of an extended CONNECT (RFC 8441).
 */
final class JettyUpgrade implements WebSocketUpgrade {
    /** What an answer over HTTP/2 does not have (RFC 8441 §5). */
    private static final Set<String> HTTP_1_ONLY = Set.of("upgrade", "connection", "sec-websocket-accept");

    /** Whether the request is one of Jetty's. */
    static boolean suits(HttpServletRequest request) {
        var inner = request;
        while (inner instanceof HttpServletRequestWrapper wrapper
                && wrapper.getRequest() instanceof HttpServletRequest wrapped) {
            inner = wrapped;
        }
        return inner.getClass().getName().startsWith("org.eclipse.jetty.ee11.servlet.");
    }

    /** Whether the request, one of Jetty's, is an extended CONNECT that asks for a WebSocket. */
    static boolean isExtendedConnect(HttpServletRequest servletRequest) {
        var request = ServletContextRequest.getServletContextRequest(servletRequest);
        var tunnel = request.getTunnelSupport();
        return tunnel != null && "websocket".equals(tunnel.getProtocol());
    }

    @Override
    public void upgrade(
            HttpServletRequest servletRequest,
            HttpServletResponse servletResponse,
            HandshakeResponse answer,
            Server server)
            throws IOException {
        var request = ServletContextRequest.getServletContextRequest(servletRequest);
        var response = request.getServletContextResponse();
        var meta = request.getConnectionMetaData();
        boolean stream = isExtendedConnect(servletRequest);
        var tunnel = request.getTunnelSupport();
        var endPoint = stream && tunnel != null
                ? tunnel.getEndPoint()
                : meta.getConnection().getEndPoint();
        request.setAttribute(
                HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
                new Upgraded(endPoint, meta.getConnector().getExecutor(), server));
        response.setStatus(stream ? HttpServletResponse.SC_OK : answer.status());
        answer.headers().forEach((name, value) -> {
            if (!stream || !HTTP_1_ONLY.contains(name.toLowerCase(Locale.ROOT))) {
                response.getHeaders().add(name, value);
            }
        });
        try (var written = Blocker.callback()) {
            response.write(!stream, null, written); // a stream goes on with the WebSocket's bytes
            written.block();
        }
    }

    /** The connection after the handshake. */
    private static final class Upgraded extends AbstractConnection implements Connection.UpgradeTo {
        private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

        private final Server server;

        /** Written before {@link #onOpen}, by the same thread. */
        private ByteBuffer leftover = NOTHING;

        Upgraded(EndPoint endPoint, Executor executor, Server server) {
            super(endPoint, executor);
            this.server = server;
        }

        @Override
        public void onUpgradeTo(ByteBuffer buffer) {
            leftover = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
        }

        @Override
        public void onOpen() {
            super.onOpen();
            getEndPoint().setIdleTimeout(-1); // the WebSocket connection has timeouts of its own
            var transport = new JettyTransport(getEndPoint());
            var first = leftover;
            leftover = NOTHING;
            var unused = Thread.ofVirtual().name("postern-push-websocket").start(() -> server.serve(transport, first));
        }

        @Override
        public void onFillable() {
            throw new IllegalStateException("the transport registers its own interest");
        }
    }
}
