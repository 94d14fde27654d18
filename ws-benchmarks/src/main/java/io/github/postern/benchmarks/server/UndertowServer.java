package io.github.postern.benchmarks.server;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import org.xnio.Options;
import org.xnio.Pooled;

/** Undertow with its callbacks, on its I/O threads. */
final class UndertowServer implements TestedServer {
    @Override
    public int start(Setup setup) throws IOException, GeneralSecurityException {
        var websocket = Handlers.websocket((exchange, channel) -> {
            channel.getReceiveSetter().set(new Echo(setup.largestMessage()));
            channel.resumeReceives();
        });
        if (setup.deflate()) {
            websocket.addExtension(new PerMessageDeflateHandshake(false, true, true));
        }
        var host = TestedServer.address().getHostAddress();
        var builder = setup.tls()
                ? Undertow.builder()
                        .addHttpsListener(0, host, ServerCertificate.load().shown())
                : Undertow.builder().addHttpListener(0, host);
        var server = builder.setSocketOption(Options.TCP_NODELAY, true)
                .setSocketOption(Options.BACKLOG, BACKLOG)
                .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, -1)
                .setHandler(websocket)
                .build();
        server.start();
        return ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
    }

    private static final class Echo extends AbstractReceiveListener {
        private final int largestMessage;

        Echo(int largestMessage) {
            this.largestMessage = largestMessage;
        }

        @Override
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            WebSockets.sendText(message.getData(), channel, null);
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
            var data = message.getData();
            var buffers = data.getResource();
            if (buffers.length == 1 && buffers[0].remaining() == 1) {
                data.free();
                for (var receiver : channel.getPeerConnections()) {
                    WebSockets.sendBinary(ByteBuffer.wrap(News.bytes()), receiver, null);
                }
            } else {
                WebSockets.sendBinary(buffers, channel, new Free(data));
            }
        }

        @Override
        protected long getMaxBinaryBufferSize() {
            return largestMessage;
        }

        @Override
        protected long getMaxTextBufferSize() {
            return largestMessage;
        }
    }

    /** The buffers of a message go back to their pool when it has been sent. */
    @SuppressWarnings("deprecation") // Undertow's API hands out no other
    private record Free(Pooled<ByteBuffer[]> data) implements WebSocketCallback<Void> {
        @Override
        public void complete(WebSocketChannel channel, Void context) {
            data.free();
        }

        @Override
        public void onError(WebSocketChannel channel, Void context, Throwable error) {
            data.free();
        }
    }
}
