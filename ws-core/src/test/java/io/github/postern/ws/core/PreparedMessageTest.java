package io.github.postern.ws.core;

import static io.github.postern.ws.core.Deflated.NO_TAKEOVER;
import static io.github.postern.ws.core.Deflated.TAKEOVER;
import static io.github.postern.ws.core.Deflated.encoded;
import static io.github.postern.ws.core.Deflated.extensions;
import static io.github.postern.ws.core.Wire.hex;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** RFC 6455 §5.6 and RFC 7692 §7.2.1, of one message for many. */
class PreparedMessageTest {
    private static final String LONG_TEXT = "one message for many; ".repeat(100);

    private final Lender pool = new Lender();

    /** Counts what is borrowed. */
    private static final class Lender implements DeflatePool {
        private boolean empty;
        private int borrowed;

        @Override
        public @Nullable Deflater borrowDeflater() {
            borrowed++;
            return empty ? null : DeflatePool.unpooled().borrowDeflater();
        }

        @Override
        public void giveBack(Deflater deflater) {
            deflater.end();
        }

        @Override
        public Inflater borrowInflater() {
            throw new AssertionError("nothing is decompressed here");
        }

        @Override
        public void giveBack(Inflater inflater) {
            inflater.end();
        }
    }

    private Outbound server(PerMessageDeflate agreed) {
        return new Outbound(
                Role.SERVER,
                () -> 0,
                extensions(agreed),
                DeflateOptions.defaults().withPool(pool));
    }

    private static Outbound plainServer() {
        return new Outbound(Role.SERVER, () -> 0);
    }

    private static String sent(Outbound outbound, PreparedMessage message) {
        outbound.prepared(message);
        return hex(encoded(outbound));
    }

    private static String text(Outbound outbound, String text) {
        outbound.text(text);
        return hex(encoded(outbound));
    }

    @Test
    void text_is_sent_as_any_text() {
        var message = PreparedMessage.text("größer");
        assertTrue(message.isText());
        assertEquals(8, message.size());
        assertEquals(text(plainServer(), "größer"), sent(plainServer(), message));
    }

    @Test
    void binary_is_sent_as_it_was_when_it_was_prepared() {
        var bytes = new byte[] {1, 2, 3};
        var source = ByteBuffer.wrap(bytes);
        var message = PreparedMessage.binary(source);
        bytes[0] = 9;
        assertFalse(source.hasRemaining());
        assertFalse(message.isText());
        assertEquals("8203010203", sent(plainServer(), message));
    }

    @Test
    void a_client_masks_its_own_copy() {
        var message = PreparedMessage.text("abc");
        var client = new Outbound(Role.CLIENT, () -> 0x01020304);
        assertEquals("8183" + "01020304" + "606060", sent(client, message));
        assertEquals("8103616263", sent(plainServer(), message));
    }

    @Test
    void the_payload_is_read_only() {
        var payload = PreparedMessage.text("abc").payload();
        assertEquals(3, payload.remaining());
        assertThrows(ReadOnlyBufferException.class, () -> payload.put(0, (byte) 'x'));
    }

    @Test
    void an_unpaired_surrogate_is_refused_when_the_message_is_prepared() {
        var thrown = assertThrows(IllegalArgumentException.class, () -> PreparedMessage.text("a\ud800"));
        assertEquals("unpaired surrogate at index 1", thrown.getMessage());
    }

    @Test
    void connections_without_context_takeover_share_what_is_compressed_once() {
        var message = PreparedMessage.text(LONG_TEXT);
        var expected =
                text(new Outbound(Role.SERVER, () -> 0, extensions(NO_TAKEOVER), DeflateOptions.defaults()), LONG_TEXT);
        for (var n = 0; n < 3; n++) {
            assertEquals(expected, sent(server(NO_TAKEOVER), message));
        }
        assertEquals(1, pool.borrowed);
    }

    @Test
    void each_size_of_window_is_compressed_for() {
        var message = PreparedMessage.binary(ByteBuffer.wrap(LONG_TEXT.getBytes(UTF_8)));
        for (var bits = 8; bits <= 15; bits++) {
            var agreed = new PerMessageDeflate(true, true, bits, 15);
            var expected = new Outbound(Role.SERVER, () -> 0, extensions(agreed), DeflateOptions.defaults());
            expected.binary(message.payload());
            var bytes = hex(encoded(expected));
            assertEquals(bytes, sent(server(agreed), message));
            assertEquals(bytes, sent(server(agreed), message));
        }
        assertEquals(8, pool.borrowed);
    }

    @Test
    void a_connection_with_context_takeover_compresses_for_itself() {
        var message = PreparedMessage.text(LONG_TEXT);
        var first = server(TAKEOVER);
        var whole = sent(first, message);
        var repeated = sent(first, message);
        assertTrue(repeated.length() < whole.length());
        assertEquals(whole, sent(server(TAKEOVER), message));
    }

    @Test
    void what_would_not_get_shorter_goes_as_it_is_and_is_tried_once() {
        var bytes = new byte[2000];
        new Random(1).nextBytes(bytes);
        var message = PreparedMessage.binary(ByteBuffer.wrap(bytes));
        for (var n = 0; n < 2; n++) {
            var outbound = server(NO_TAKEOVER);
            outbound.prepared(message);
            assertEquals("827e07d0", hex(encoded(outbound)).substring(0, 8));
        }
        assertEquals(1, pool.borrowed);
    }

    @Test
    void what_would_stay_as_long_goes_as_it_is() {
        var outbound = new Outbound(
                Role.SERVER,
                () -> 0,
                extensions(NO_TAKEOVER),
                DeflateOptions.defaults().withThreshold(0));
        assertEquals("810a" + hex("HelloHello".getBytes(UTF_8)), sent(outbound, PreparedMessage.text("HelloHello")));
    }

    private static ByteBuffer shared(Outbound outbound, PreparedMessage message) {
        return Objects.requireNonNull(outbound.shareable(message));
    }

    @Test
    void connections_that_send_the_same_bytes_share_them() {
        List<Supplier<Outbound>> kinds = List.of(PreparedMessageTest::plainServer, () -> server(NO_TAKEOVER));
        for (var kind : kinds) {
            var message = PreparedMessage.text(LONG_TEXT);
            var bytes = shared(kind.get(), message);
            assertEquals(sent(kind.get(), message), hex(bytes));
            bytes.put(0, (byte) 0);
            assertEquals(bytes, shared(kind.get(), message));
        }
    }

    @Test
    void a_connection_that_masks_or_takes_over_its_context_shares_no_bytes() {
        var message = PreparedMessage.text(LONG_TEXT);
        assertNull(new Outbound(Role.CLIENT, () -> 1).shareable(message));
        assertNull(server(TAKEOVER).shareable(message));
        assertEquals("810161", hex(shared(server(TAKEOVER), PreparedMessage.text("a"))));
    }

    @Test
    void a_frame_that_is_shared_may_go_where_a_message_may_begin() {
        var message = PreparedMessage.text("a");
        var outbound = plainServer();
        assertEquals("810161", hex(shared(outbound, message)));
        assertEquals("810162", text(outbound, "b"));
        outbound.textPart("c", false);
        encoded(outbound);
        assertThrows(IllegalStateException.class, () -> outbound.shareable(message));
        outbound.close(CloseStatus.NORMAL);
        encoded(outbound);
        assertThrows(IllegalStateException.class, () -> outbound.shareable(message));
    }

    @Test
    void tells_its_kind_and_size_but_nothing_of_its_contents() {
        assertEquals("text of 6 bytes", PreparedMessage.text("secret").toString());
        assertEquals(
                "binary of 2 bytes",
                PreparedMessage.binary(ByteBuffer.allocate(2)).toString());
    }

    @Test
    void goes_as_it_is_below_the_threshold_and_compressed_from_there() {
        assertEquals(
                "817e03ff",
                sent(server(NO_TAKEOVER), PreparedMessage.text("x".repeat(1023)))
                        .substring(0, 8));
        assertEquals(
                "c1",
                sent(server(NO_TAKEOVER), PreparedMessage.text("x".repeat(1024)))
                        .substring(0, 2));
        assertEquals(
                "c1",
                sent(server(TAKEOVER), PreparedMessage.text("x".repeat(1024))).substring(0, 2));
    }

    @Test
    void goes_as_it_is_while_no_compressor_is_to_be_had() {
        var message = PreparedMessage.text(LONG_TEXT);
        pool.empty = true;
        assertEquals("81", sent(server(NO_TAKEOVER), message).substring(0, 2));
        assertEquals("81", sent(server(TAKEOVER), message).substring(0, 2));
        pool.empty = false;
        assertEquals("c1", sent(server(NO_TAKEOVER), message).substring(0, 2));
    }

    @Test
    void is_refused_between_the_parts_of_another_message() {
        var outbound = plainServer();
        outbound.textPart("a", false);
        encoded(outbound);
        assertThrows(IllegalStateException.class, () -> outbound.prepared(PreparedMessage.text("b")));
    }

    @Test
    void sending_it_does_not_change_it() {
        var message = PreparedMessage.text(LONG_TEXT);
        sent(server(NO_TAKEOVER), message);
        sent(new Outbound(Role.CLIENT, () -> -1), message);
        var payload = new byte[message.size()];
        message.payload().get(payload);
        assertArrayEquals(LONG_TEXT.getBytes(UTF_8), payload);
    }
}
