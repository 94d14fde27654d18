package io.github.postern.benchmarks.server;

import io.github.postern.ws.connection.Broadcast;
import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.PreparedMessage;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import io.github.postern.ws.server.ServerOptions;
import io.github.postern.ws.server.WebSocketServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** Ours: the loop of the README, with the limits on the number of connections out of the way. */
final class PosternServer implements TestedServer {
    private static final int MANY = 100_000;

    /** Of the server that is started, once it is. */
    private final CompletableFuture<Collection<WebSocket>> connections = new CompletableFuture<>();

    @Override
    public int start(Setup setup) throws IOException, GeneralSecurityException {
        return start(setup, ConnectionOptions.defaults()).port();
    }

    /** @param options but for the limits, which the setup gives */
    WebSocketServer start(Setup setup, ConnectionOptions options) throws IOException, GeneralSecurityException {
        int largest = setup.largestMessage();
        var limits = Limits.defaults().withMaxFrameSize(largest).withMaxMessageSize(largest);
        var builder = WebSocketServer.builder()
                .host(TestedServer.address())
                .path(PATH, this::echo)
                .options(ServerOptions.defaults()
                        .withConnection(options.withLimits(limits))
                        .withMaxConnections(MANY)
                        .withMaxConnectionsPerAddress(MANY));
        if (setup.tls()) {
            builder.tls(ServerCertificate.load().shown());
        }
        if (setup.deflate()) {
            builder.deflate(PerMessageDeflate.defaults()
                    .withServerNoContextTakeover(true)
                    .withClientNoContextTakeover(true));
        }
        var server = builder.start();
        connections.complete(server.connections());
        return server;
    }

    private void echo(WebSocket ws) throws IOException {
        for (var message : ws) {
            if (message instanceof Message.Binary binary && binary.data().remaining() == 1) {
                var news = PreparedMessage.binary(ByteBuffer.wrap(News.bytes()));
                var unused = Broadcast.send(news, connections.join(), SlowConsumer.CLOSE);
            } else {
                ws.send(message);
            }
        }
    }
}
