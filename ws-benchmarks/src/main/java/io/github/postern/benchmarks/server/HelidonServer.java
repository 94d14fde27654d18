package io.github.postern.benchmarks.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;

/** Helidon SE on virtual threads. It does not validate texts, and does not compress. */
final class HelidonServer implements TestedServer {
    private final Collection<WsSession> open = ConcurrentHashMap.newKeySet();

    @Override
    public int start(Setup setup) throws IOException, GeneralSecurityException {
        var builder = WebServer.builder()
                .address(TestedServer.address())
                .port(0)
                .backlog(BACKLOG)
                .connectionOptions(options -> options.tcpNoDelay(true).readTimeout(Duration.ZERO))
                .idleConnectionTimeout(Duration.ofMinutes(10))
                .addProtocol(WsConfig.builder()
                        .maxFrameLength(setup.largestMessage())
                        .build())
                .addRouting(WsRouting.builder().endpoint(PATH, Echo::new));
        if (setup.tls()) {
            builder.tls(
                    Tls.builder().sslContext(ServerCertificate.load().shown()).build());
        }
        return builder.build().start().port();
    }

    private final class Echo implements WsListener {
        @Override
        public void onOpen(WsSession session) {
            open.add(session);
        }

        @Override
        public void onMessage(WsSession session, String text, boolean last) {
            session.send(text, last);
        }

        @Override
        public void onMessage(WsSession session, BufferData message, boolean last) {
            if (message.available() == 1) {
                open.forEach(this::inform);
            } else {
                session.send(message, last);
            }
        }

        private void inform(WsSession receiver) {
            try {
                receiver.send(BufferData.create(News.bytes()), true);
            } catch (RuntimeException e) {
                open.remove(receiver);
            }
        }

        @Override
        public void onClose(WsSession session, int status, String reason) {
            open.remove(session);
        }

        @Override
        public void onError(WsSession session, Throwable error) {
            open.remove(session);
        }
    }
}
