package io.github.postern.verify.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The suite against a server that is not ours: it passes what is right there, and does not pass all. */
@Timeout(120)
class OtherServerTest {
    private static final Set<String> DEVIATIONS = Set.of(
            "4.2.1-no-upgrade",
            "4.2.2-version-12",
            "5.1-wrong-mask-1",
            "5.2-minimal-length-16-125",
            "5.5.1-reason-not-utf8-ff",
            "7692-7.1-answers-server_bits-9",
            "7692-7.1-declines-server_bits-16",
            "7692-7.2.3.4-bfinal");
    private static final Set<String> KEPT = Set.of(
            "4.2.1-plain",
            "5.6-text-65536",
            "5.2-opcode-3",
            "5.4-continuation-first",
            "7.4-code-1000",
            "8.1-invalid-ff",
            "7692-7.2.3.2-same-again",
            "7692-7.2-text-65536");

    private static final class Echo extends WebSocketServer {
        private final CountDownLatch started = new CountDownLatch(1);

        Echo(Draft draft) {
            super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(draft));
            setDaemon(true);
        }

        @Override
        public void onOpen(WebSocket connection, ClientHandshake handshake) {}

        @Override
        public void onClose(WebSocket connection, int code, String reason, boolean remote) {}

        @Override
        public void onMessage(WebSocket connection, String message) {
            connection.send(message);
        }

        @Override
        public void onMessage(WebSocket connection, ByteBuffer message) {
            connection.send(message);
        }

        @Override
        public void onError(WebSocket connection, Exception error) {}

        @Override
        public void onStart() {
            started.countDown();
        }
    }

    @Test
    void the_suite_tells_what_is_kept_from_what_is_not() throws Exception {
        var deflate = new PerMessageDeflateExtension();
        deflate.setThreshold(0);
        var server = new Echo(new Draft_6455(deflate));
        server.start();
        try {
            assertTrue(server.started.await(60, TimeUnit.SECONDS));
            var run = new ServerRun(URI.create("ws://127.0.0.1:" + server.getPort() + "/"), Settings.DEFAULTS);
            for (var result : run.run(Suite.only(Suite.server(), DEVIATIONS::contains))) {
                assertEquals(
                        "failed", result.verdict().label(), () -> result.of().id());
            }
            for (var result : run.run(Suite.only(Suite.server(), KEPT::contains))) {
                assertEquals(
                        new Verdict.Passed(),
                        result.verdict(),
                        () -> result.of().id());
            }
        } finally {
            server.stop(1000);
        }
    }

    @Test
    void the_cases_of_this_test_exist() {
        assertEquals(
                DEVIATIONS.size(),
                Suite.only(Suite.server(), DEVIATIONS::contains).size());
        assertEquals(KEPT.size(), Suite.only(Suite.server(), KEPT::contains).size());
    }
}
