package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RelayTest {
    private ServerSocket server;
    private Relay relay;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        relay = Relay.to(server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        server.close();
    }

    @Test
    void bytes_and_requests_are_counted_before_they_arrive() throws IOException {
        var request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (var client = connect();
                var served = server.accept()) {
            client.getOutputStream().write(request);
            assertArrayEquals(request, served.getInputStream().readNBytes(request.length));
            assertEquals(0, relay.traffic().down().total());
            assertEquals(request.length, relay.traffic().up().headers());
            assertEquals(1, relay.traffic().requests());

            served.getOutputStream().write(new byte[1000]);
            client.getInputStream().readNBytes(1000);
            assertEquals(1000, relay.traffic().down().total());
            assertEquals(1000 + request.length, relay.traffic().bytes().total());
        }
    }

    @Test
    void connections_are_counted_together() throws IOException {
        for (int i = 0; i < 3; i++) {
            try (var client = connect();
                    var served = server.accept()) {
                served.getOutputStream().write(new byte[10]);
                client.getInputStream().readNBytes(10);
            }
        }
        assertEquals(30, relay.traffic().down().total());
        assertEquals(0, relay.traffic().up().total());
    }

    @Test
    void much_data_passes_unchanged() throws Exception {
        var data = new byte[3_000_000];
        new Random(7).nextBytes(data);
        try (var client = connect();
                var served = server.accept()) {
            var sending = Thread.ofVirtual().start(() -> {
                try {
                    served.getOutputStream().write(data);
                    served.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertArrayEquals(data, client.getInputStream().readAllBytes());
            sending.join();
        }
        assertEquals(data.length, relay.traffic().down().total());
    }

    @Test
    void what_is_delayed_arrives_late_unchanged_and_with_its_end() throws Exception {
        var data = new byte[100_000];
        new Random(8).nextBytes(data);
        try (var client = connect();
                var served = server.accept()) {
            served.getOutputStream().write(1);
            assertEquals(1, client.getInputStream().read());
            relay.delay(Duration.ofMillis(100));
            long begin = System.nanoTime();
            served.getOutputStream().write(data, 0, 10);
            assertArrayEquals(Arrays.copyOf(data, 10), client.getInputStream().readNBytes(10));
            assertTrue(System.nanoTime() - begin >= 100_000_000);
            begin = System.nanoTime();
            client.getOutputStream().write(2);
            assertEquals(2, served.getInputStream().read());
            assertTrue(System.nanoTime() - begin >= 100_000_000, "the other way too");
            relay.delay(Duration.ZERO);
            served.getOutputStream().write(data, 10, data.length - 10);
            served.shutdownOutput();
            var rest = client.getInputStream().readAllBytes();
            assertArrayEquals(Arrays.copyOfRange(data, 10, data.length), rest);
        }
    }

    @Test
    void open_connections_are_counted() throws IOException {
        try (var client = connect();
                var served = server.accept()) {
            client.getOutputStream().write(1);
            assertEquals(1, served.getInputStream().read());
            assertEquals(1, relay.connections());
        }
    }

    @Test
    void one_direction_may_end_before_the_other() throws IOException {
        try (var client = connect();
                var served = server.accept()) {
            client.shutdownOutput();
            assertEquals(-1, served.getInputStream().read());
            served.getOutputStream().write(42);
            assertEquals(42, client.getInputStream().read());
        }
    }

    @Test
    void a_connection_that_breaks_breaks_the_other() throws IOException {
        try (var client = connect()) {
            try (var served = server.accept()) {
                served.setSoLinger(true, 0); // closing sends a reset
            }
            assertEquals(-1, readToEnd(client));
        }
    }

    @Test
    void closing_ends_every_connection() throws IOException {
        try (var client = connect();
                var served = server.accept()) {
            relay.close();
            assertEquals(-1, readToEnd(client));
            assertEquals(-1, readToEnd(served));
        }
    }

    @Test
    void counts_since_an_earlier_moment_are_the_difference() {
        var earlier = new Traffic(new Split(1, 2, 3, 4), new Split(5, 6, 7, 8), 9);
        var later = new Traffic(new Split(11, 22, 33, 44), new Split(55, 66, 77, 88), 99);
        assertEquals(new Traffic(new Split(10, 20, 30, 40), new Split(50, 60, 70, 80), 90), later.since(earlier));
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), relay.port());
    }

    private static int readToEnd(Socket socket) {
        try {
            socket.setSoTimeout(10_000); // a blocked read hears nothing of the timeout of the class
            return socket.getInputStream().read();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no end came", e);
        } catch (IOException e) {
            return -1; // reset, which is an end too
        }
    }
}
