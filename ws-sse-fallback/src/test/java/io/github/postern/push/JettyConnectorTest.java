package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that Jetty has accepted and does not know yet. */
@Timeout(60)
class JettyConnectorTest {
    private static final NetworkLimits LIMITS =
            NetworkLimits.DEFAULTS.withMaxConnections(1).withHandshakeTimeout(Duration.ofMillis(40));

    private final Server server = new Server();
    private final JettyConnector connector = new JettyConnector(server, LIMITS, new HttpConnectionFactory());
    private ServerSocketChannel listening;
    private SocketChannel client;
    private SocketChannel accepted;

    @BeforeEach
    void connect() throws Exception {
        server.addConnector(connector);
        server.start();
        listening = ServerSocketChannel.open().bind(null);
        client = SocketChannel.open(listening.getLocalAddress());
        accepted = listening.accept();
    }

    @AfterEach
    void close() throws IOException {
        accepted.close();
        client.close();
        listening.close();
    }

    @Test
    void a_connection_accepted_before_the_stop_is_closed_by_it() throws Exception {
        assertEquals(Admission.Answer.ADMITTED, connector.enter(accepted));
        assertTrue(accepted.isOpen());
        server.stop();
        assertFalse(accepted.isOpen());
    }

    @Test
    void a_connection_accepted_after_the_stop_is_closed_at_once() throws Exception {
        server.stop();
        connector.receive(accepted);
        assertFalse(accepted.isOpen());
    }

    @Test
    void a_connection_that_jetty_says_no_more_of_makes_room_once_it_is_closed() throws Exception {
        assertEquals(Admission.Answer.ADMITTED, connector.enter(accepted));
        assertEquals(Admission.Answer.TOO_MANY, connector.enter(client));
        accepted.close();
        HttpTransportsTest.await(() -> connector.enter(client) == Admission.Answer.ADMITTED);
    }

    /** An interrupt would lose the connection that is being accepted at that moment, and nobody could close it. */
    @Test
    void the_stop_interrupts_nobody_who_accepts_a_connection() throws Exception {
        connector.interruptAcceptors();
        try (var late = SocketChannel.open(new InetSocketAddress("localhost", connector.getLocalPort()))) {
            assertTrue(late.isConnected());
            HttpTransportsTest.await(() -> connector.getConnectedEndPoints().size() == 1);
        }
    }

    /** Jetty would accept nobody for a second after an exception. */
    @Test
    void a_connection_that_cannot_be_told_why_it_is_turned_away_is_closed_all_the_same() throws Exception {
        assertEquals(Admission.Answer.ADMITTED, connector.enter(client));
        accepted.shutdownOutput();
        connector.receive(accepted);
        assertFalse(accepted.isOpen());
    }

    /** The JDK asks the system for 50, and what comes beyond that is dropped. */
    @Test
    void a_herd_waits_in_the_backlog_until_it_is_accepted() throws Exception {
        int backlog = 120;
        var busy = new JettyConnector(server, LIMITS.withBacklog(backlog), new HttpConnectionFactory());
        busy.setAccepting(false);
        busy.start();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), busy.getLocalPort());
        var herd = new ArrayList<Socket>();
        try {
            for (int i = 0; i < backlog; i++) {
                herd.add(new Socket());
                herd.getLast().connect(address, 900); // the system would try again after 1 s
            }
            assertEquals(backlog, herd.size());
        } finally {
            for (var socket : herd) {
                socket.close();
            }
            busy.stop();
        }
    }
}
