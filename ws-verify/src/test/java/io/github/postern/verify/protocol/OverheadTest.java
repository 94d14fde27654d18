package io.github.postern.verify.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message costs on the wire beside its data, counted: what PROTOCOL.md §3 and §8 say of it is true. */
@Timeout(60)
class OverheadTest {
    /** Numbers of messages have five digits from here on, so that what grows with them can be seen. */
    private static final int FAR = 12_345;

    private static SuiteEndpoint endpoint;
    private Target target;

    @BeforeAll
    static void start() throws IOException {
        endpoint = SuiteEndpoint.start();
    }

    @BeforeEach
    void connect() {
        target = new Target(endpoint.uri(), Duration.ofSeconds(10), Optional.empty());
    }

    @AfterEach
    void disconnect() {
        target.close();
    }

    @AfterAll
    static void stop() {
        endpoint.close();
    }

    /** Reads the frame of the next message; returns how many bytes it takes on the wire. */
    private static long frame(Wire wire) throws IOException {
        byte[] head = wire.read(2);
        int length = head[1] & 0x7f;
        int more = length < 126 ? 0 : length == 126 ? 2 : 8;
        long payload = more == 0 ? length : 0;
        for (byte b : wire.read(more)) {
            payload = payload << 8 | (b & 0xff);
        }
        var content = wire.read(Math.toIntExact(payload));
        boolean control = head[0] == (byte) 0x82 && payload > 0 && content[0] == 0;
        return control ? frame(wire) : 2L + more + payload;
    }

    /** Takes in what the server has begun to send, up to a position, and acknowledges it. */
    private static void receive(WebSocketPeer peer, int count) throws Broken, IOException {
        for (int n = 1; n <= count; n++) {
            var next = peer.next();
            assertTrue(next.isMessage(), next.toString());
            if (n % 250 == 0 || n == count) {
                peer.ack(n);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 124, 125, 126, 127, 1_000, 65_534, 65_535})
    void a_text_over_websocket_costs_nothing_and_a_binary_message_a_byte(int size) throws Exception {
        var raw = WebSocketPeer.connect(target, "");
        var postern = target.openWebSocket();
        var data = "x".repeat(size);
        raw.text(data);
        postern.text(data);
        assertEquals(frame(raw.wire()), frame(postern.wire()));
        raw.binary(data);
        postern.binary("\1" + data);
        int longerLength = size == 125 ? 2 : size == 65_535 ? 6 : 0;
        assertEquals(frame(raw.wire()) + 1 + longerLength, frame(postern.wire()));
    }

    @Test
    void the_cost_over_websocket_does_not_grow_with_the_number() throws Exception {
        var peer = target.openWebSocket();
        peer.text("!push " + FAR + " 1");
        receive(peer, FAR);
        peer.text("far");
        assertEquals(2L + 3, frame(peer.wire()));
        peer.binary("\1far");
        assertEquals(2L + 1 + 3, frame(peer.wire()));
    }

    @Test
    void acknowledgements_on_a_busy_websocket_cost_a_tenth_of_a_byte_for_a_message() throws Exception {
        var peer = target.openWebSocket();
        int count = 10_000;
        int acks = 0;
        long bytes = 0;
        int sent = 0;
        long echoed = 0;
        long begin = System.nanoTime();
        for (long acknowledged = 0; acknowledged < count; ) {
            for (; sent < count && sent < acknowledged + 500; sent++) {
                peer.text("x");
            }
            var next = peer.frame();
            if (next.isControl("ack")) {
                acknowledged = next.event().number();
                assertEquals("\0event:ack\nid:" + acknowledged + "\n\n", next.payload());
                bytes += 2 + next.payload().length();
                acks++;
            } else if (next.isMessage()) {
                echoed++;
                if (echoed % 250 == 0) {
                    peer.ack(echoed);
                }
            }
        }
        long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
        assertTrue(acks <= count / 250 + 1 + seconds, acks + " acknowledgements in " + seconds + " s");
        assertTrue(bytes <= acks * (20L + 5), bytes + " bytes");
        assertTrue(bytes < count / 8, bytes + " bytes for " + count + " messages");
    }

    /** Bytes of the record of the next message, HTTP's chunks not counted. */
    private static int record(Response stream) throws Broken, IOException {
        var event = stream.event();
        assertTrue(event.isMessage(), event.raw());
        return event.raw().getBytes(StandardCharsets.UTF_8).length + 1;
    }

    @Test
    void a_text_on_a_stream_costs_seven_bytes_whatever_its_number() throws Exception {
        var peer = WebSocketPeer.connect(target, "postern.v1");
        var session = Session.of(target, peer, peer.attach("epoch=1"));
        peer.text("!push " + FAR + " 1");
        receive(peer, FAR);
        var stream = session.attach("sse", FAR);
        session.send(2, "data:first\n\n");
        assertEquals("id:12346\ndata:first\n\n".length(), record(stream));
        long sequence = 3;
        for (int size : new int[] {0, 1, 10, 100, 1_000, 10_000, 60_000}) {
            session.send(sequence++, "data:" + "x".repeat(size) + "\n\n");
            assertEquals(7, record(stream) - size, "a text of " + size);
        }
        session.send(sequence++, "data:grüße 😀\n\n");
        assertEquals(7, record(stream) - "grüße 😀".getBytes(StandardCharsets.UTF_8).length);
        session.send(sequence++, "data:first line\ndata:second line\ndata:  indented\n\n");
        assertEquals(7 + 2 * 5 + 1, record(stream) - "first line\nsecond line\n indented".length());
        session.send(sequence, "event:text\ndata:" + "DQ0N".repeat(10) + "\n\n");
        assertEquals(18 + 40, record(stream));
    }

    @Test
    void a_binary_message_on_a_stream_costs_its_base64_and_twenty_bytes() throws Exception {
        var session = target.open();
        session.send(1, "data:first\n\n");
        assertEquals("id:1\ndata:first\n\n".length(), record(session.stream()));
        for (int groups : new int[] {0, 1, 100, 20_000}) {
            session.send(2, "event:binary\ndata:" + "AAEC".repeat(groups) + "\n\n");
            assertEquals(20 + 4 * groups, record(session.stream()), "3 bytes × " + groups);
            session = target.open();
            session.send(1, "data:first\n\n");
            assertEquals("id:1\ndata:first\n\n".length(), record(session.stream()));
        }
    }

    @Test
    void a_batch_of_messages_takes_one_poll() throws Exception {
        var session = Session.open(target, "polling");
        session.send(1, "data:!push 900 10\n\n");
        long deadline = System.nanoTime() + target.patience().toNanos();
        var batch = session.poll("polling", 0).rest();
        while (batch.size() < 900 && System.nanoTime() < deadline) {
            batch = session.poll("polling", 0).rest(); // the application is not done yet
        }
        assertEquals(900, batch.size());
        long bytes = batch.stream().mapToLong(event -> event.raw().length() + 1).sum();
        assertEquals("id:1\n".length() + 900L * (10 + 7), bytes);
    }
}
