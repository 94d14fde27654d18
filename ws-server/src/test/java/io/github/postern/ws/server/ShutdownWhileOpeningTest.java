package io.github.postern.ws.server;

import static io.github.postern.ws.server.RawClient.upgrade;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.CloseStatus;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that ends at the moment when a client has read its 101, and its connection is not open yet: the moment is held for as long as a test wants. */
@Timeout(60)
class ShutdownWhileOpeningTest {
    private static final CloseStatus RESTART = CloseStatus.of(1012);
    private static final String CLOSE_FRAME = "880203f4";
    private static final String CLOSE_ECHO = "8882 00000000 03f4";

    private final ServerOptions options = ServerOptions.defaults();
    private final ConnectionRegistry registry = new ConnectionRegistry();
    private final ServerContext context = new ServerContext(
            null,
            new Reception(
                    new Routes(List.of(Route.of(PathTemplate.parse("/"), Servers.ECHO, List.of()))),
                    AllowedHosts.any(),
                    OriginPolicy.sameOrigin(),
                    request -> UpgradeDecision.accept(),
                    null),
            options,
            new Admission(options),
            registry,
            new ServerEvents(new ServerListener() {}));

    private final CountDownLatch goOn = new CountDownLatch(1);
    private Sockets sockets;
    private AcceptLoop accepting;

    /** A listening socket of which the second one accepted holds its server, once that has written to it. */
    private final class Sockets extends ServerSocket {
        private int accepted;

        Sockets() throws IOException {
            super(0, 10, InetAddress.getLoopbackAddress());
        }

        @Override
        public Socket accept() throws IOException {
            var socket = ++accepted == 2 ? new Holding() : new Socket();
            implAccept(socket);
            return socket;
        }
    }

    private final class Holding extends Socket {
        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    out.write(bytes, offset, length);
                    hold();
                }
            };
        }
    }

    private void hold() {
        boolean interrupted = false;
        while (goOn.getCount() > 0) {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                interrupted = true; // what a write to a socket does: it goes on
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @BeforeEach
    void accept() throws Exception {
        sockets = new Sockets();
        accepting = new AcceptLoop(sockets, socket -> Guest.receive(socket, context));
        accepting.start();
    }

    @AfterEach
    void nobody_is_left() {
        goOn.countDown();
        accepting.close();
        registry.stop(RESTART);
        registry.end(Duration.ZERO, RESTART);
        assertTrue(Servers.eventually(() -> context.admission().present() == 0));
        assertEquals(0, registry.handshakes());
        assertTrue(registry.connections().isEmpty());
    }

    private RawClient connected() throws Exception {
        var client = new RawClient(sockets.getLocalPort());
        assertEquals(101, client.send(upgrade("/")).readStatus());
        return client;
    }

    private Thread shutdown(Duration grace) {
        registry.stop(RESTART);
        return Thread.ofPlatform().name("test-shutdown").start(() -> registry.end(grace, RESTART));
    }

    @Test
    void a_client_that_has_its_101_is_told_the_status() throws Exception {
        try (var bystander = connected();
                var client = connected()) {
            var shutdown = shutdown(Duration.ofSeconds(30));
            assertEquals(CLOSE_FRAME, bystander.readHex(4)); // so the handshakes that were to be cut off are
            goOn.countDown();
            assertEquals(CLOSE_FRAME, client.readHex(4));
            for (var closing : List.of(bystander, client)) {
                closing.sendHex(CLOSE_ECHO).hangUp();
            }
            assertTrue(shutdown.join(Duration.ofSeconds(20)));
            assertEquals(0, context.admission().present(), "the shutdown has waited for both");
        }
    }

    @Test
    void it_is_cut_off_at_once_without_grace() throws Exception {
        try (var bystander = connected();
                var client = connected()) {
            var shutdown = shutdown(Duration.ZERO);
            assertTrue(bystander.isCutOff());
            assertTrue(client.isCutOff());
            goOn.countDown();
            assertTrue(shutdown.join(Duration.ofSeconds(20)));
        }
    }

    @Test
    void it_holds_the_shutdown_up_for_the_grace_at_most() throws Exception {
        try (var bystander = connected();
                var client = connected()) {
            var shutdown = shutdown(Duration.ofMillis(100));
            assertEquals(CLOSE_FRAME, bystander.sendHex(CLOSE_ECHO).readHex(4));
            assertTrue(client.isCutOff());
            goOn.countDown();
            assertTrue(shutdown.join(Duration.ofSeconds(20)));
        }
    }

    @Test
    void it_is_cut_off_when_the_time_for_its_handshake_is_over() throws Exception {
        try (var bystander = connected();
                var client = connected()) {
            registry.sweep(System.nanoTime() + options.handshakeTimeout().toNanos() + TimeUnit.SECONDS.toNanos(1));
            assertTrue(client.isCutOff());
            goOn.countDown();
            bystander.sendHex("8182 00000000 4869");
            assertEquals("81024869", bystander.readHex(4), "an open connection is none of that");
        }
    }
}
