package io.github.postern.benchmarks.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.IExtension;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.IProtocol;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.java_websocket.server.WebSocketServer;

/** Java-WebSocket with its selector thread and as many decoders as the machine has processors, which is its default. */
final class JavaWebSocketServer implements TestedServer {
    @Override
    public int start(Setup setup) throws IOException, GeneralSecurityException {
        List<IExtension> extensions = setup.deflate() ? List.of(withoutContextTakeover()) : List.of();
        List<IProtocol> protocols = List.of(new Protocol(""));
        var server = new Echo(new Draft_6455(extensions, protocols, setup.largestMessage()));
        server.setTcpNoDelay(true);
        server.setMaxPendingConnections(BACKLOG);
        if (setup.tls()) {
            server.setWebSocketFactory(new DefaultSSLWebSocketServerFactory(
                    ServerCertificate.load().shown()));
        }
        server.start();
        server.started.join();
        return server.getPort();
    }

    private static IExtension withoutContextTakeover() {
        var extension = new PerMessageDeflateExtension();
        extension.setServerNoContextTakeover(true);
        extension.setClientNoContextTakeover(true);
        return extension;
    }

    private static final class Echo extends WebSocketServer {
        final CompletableFuture<Void> started = new CompletableFuture<>();

        Echo(Draft draft) {
            super(new InetSocketAddress(TestedServer.address(), 0), List.of(draft));
        }

        @Override
        public void onStart() {
            started.complete(null);
        }

        @Override
        public void onMessage(WebSocket ws, String text) {
            ws.send(text);
        }

        @Override
        public void onMessage(WebSocket ws, ByteBuffer message) {
            if (message.remaining() == 1) {
                broadcast(News.bytes());
            } else {
                ws.send(message);
            }
        }

        @Override
        public void onOpen(WebSocket ws, ClientHandshake handshake) {}

        @Override
        public void onClose(WebSocket ws, int code, String reason, boolean remote) {}

        @Override
        public void onError(WebSocket ws, Exception error) {
            started.completeExceptionally(error);
        }
    }
}
