package io.github.postern.push;

import io.github.postern.ws.core.handshake.HandshakeResponse;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes a connection over through {@link HttpServletRequest#upgrade}, as the Servlet specification has it. */
final class ServletUpgrade implements WebSocketUpgrade {
    @Override
    public void upgrade(
            HttpServletRequest request, HttpServletResponse response, HandshakeResponse answer, Server server)
            throws IOException {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        try {
            request.upgrade(Handler.class).server = server;
        } catch (ServletException | UnsupportedOperationException e) {
            response.reset();
            throw new UpgradeUnsupportedException(e);
        }
    }

    /** Made by the container, which wants a public constructor. */
    public static final class Handler implements HttpUpgradeHandler {
        private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

        /** Set before {@link #init}, which the container calls when the answer has left. */
        private @Nullable Server server;

        /** For the container. */
        public Handler() {}

        /** Serves inside of this call: a container may not close a connection that is closed from elsewhere. */
        @Override
        public void init(WebConnection connection) {
            var mine = Objects.requireNonNull(server);
            try (var transport = new StreamTransport(connection)) {
                mine.serve(transport, NOTHING);
            }
        }

        @Override
        public void destroy() {
            // the end of the connection is noticed by reading and writing
        }
    }
}
