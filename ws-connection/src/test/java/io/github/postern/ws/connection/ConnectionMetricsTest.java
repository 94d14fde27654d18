package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.handshake.Extension;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is counted over all connections. */
@Timeout(30)
@ExtendWith(EveryConnectionEnds.class)
class ConnectionMetricsTest {
    @Test
    void counts_connections_messages_and_bytes_while_they_are_open_and_after() throws Exception {
        var before = ConnectionMetrics.snapshot();
        var it = Fixture.WithPeer.server();
        it.peer().send(out -> out.text("1"), out -> out.textPart("2", false), out -> out.textPart("3", true));
        it.connection().receive();
        it.connection().receive();
        it.connection().send("hello");
        try (var out = it.connection().openText()) {
            out.write("a");
            out.flush();
            out.write("b");
        }
        for (int i = 0; i < 2; i++) {
            var after = ConnectionMetrics.snapshot();
            assertEquals(1, after.opened() - before.opened());
            assertEquals(i, after.closed() - before.closed());
            assertEquals(1 - i, after.open() - before.open());
            assertEquals(2, after.messagesReceived() - before.messagesReceived());
            assertEquals(2, after.messagesSent() - before.messagesSent());
            assertEquals(3 * 7, after.bytesReceived() - before.bytesReceived());
            assertEquals(7 + 3 + 3, after.bytesSent() - before.bytesSent());
            it.connection().abort();
        }
    }

    @Test
    void counts_compressors_and_what_they_take() throws Exception {
        var before = ConnectionMetrics.snapshot();
        var pool = new SharedDeflatePool(-1, 100);
        var options = ConnectionOptions.defaults()
                .withDeflate(ConnectionOptions.defaults().deflate().withPool(pool));
        var takeover = new PerMessageDeflate(false, false, 15, 15);
        var pair = Fixture.Pair.open(options, extensions(takeover));
        pair.client().send("x".repeat(2000));
        assertTrue(pair.server().receive(Duration.ofSeconds(10)).isPresent());
        var open = ConnectionMetrics.snapshot();
        assertEquals(1, open.compressors() - before.compressors());
        assertEquals(1, open.decompressors() - before.decompressors());
        assertEquals(264_000 + 41_000, open.deflateMemory() - before.deflateMemory());
        pair.client().abort();
        pair.server().abort();
    }

    private static List<Extension> extensions(PerMessageDeflate agreed) {
        return agreed
                .accept(Extension.of(PerMessageDeflate.NAME, Extension.Parameter.of("client_max_window_bits")))
                .stream()
                .toList();
    }
}
