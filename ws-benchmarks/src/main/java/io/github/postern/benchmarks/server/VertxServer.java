package io.github.postern.benchmarks.server;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.PfxOptions;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;

/** Vert.x on its event loop, which prefers the native transport and hands out whole messages. It does not validate texts. */
final class VertxServer implements TestedServer {
    private final Collection<ServerWebSocket> open = ConcurrentHashMap.newKeySet();

    @Override
    public int start(Setup setup) {
        var options = new HttpServerOptions()
                .setHost(TestedServer.address().getHostAddress())
                .setPort(0)
                .setTcpNoDelay(true)
                .setAcceptBacklog(BACKLOG)
                .setMaxWebSocketFrameSize(setup.largestMessage())
                .setMaxWebSocketMessageSize(setup.largestMessage())
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(setup.deflate())
                .setWebSocketAllowServerNoContext(setup.deflate())
                .setWebSocketPreferredClientNoContext(setup.deflate());
        if (setup.tls()) {
            options.setSsl(true)
                    .setKeyCertOptions(new PfxOptions()
                            .setPath(ServerCertificate.FILE.toAbsolutePath().toString())
                            .setPassword(ServerCertificate.PASSWORD));
        }
        return Vertx.vertx(new VertxOptions().setPreferNativeTransport(true))
                .createHttpServer(options)
                .webSocketHandler(this::accept)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    private void accept(ServerWebSocket ws) {
        open.add(ws);
        ws.closeHandler(ended -> open.remove(ws));
        ws.textMessageHandler(ws::writeTextMessage);
        ws.binaryMessageHandler(message -> {
            if (message.length() == 1) {
                var news = Buffer.buffer(News.bytes());
                open.forEach(receiver -> receiver.writeBinaryMessage(news));
            } else {
                ws.writeBinaryMessage(message);
            }
        });
    }
}
