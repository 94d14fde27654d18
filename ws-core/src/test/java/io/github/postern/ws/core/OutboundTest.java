package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.hex;
import static io.github.postern.ws.core.Wire.pattern;
import static io.github.postern.ws.core.Wire.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.handshake.Extension;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §5 and §7: what may be sent when, and how it looks. */
class OutboundTest {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Outbound server = new Outbound(Role.SERVER, () -> {
        throw new AssertionError("a server masks nothing");
    });

    @Test
    void writes_messages() {
        assertEquals("810161", sent(server, out -> out.text("a")));
        assertEquals("8100", sent(server, out -> out.text("")));
        assertEquals(
                "82020102",
                sent(server, out -> out.binary(ByteBuffer.wrap(pattern(3)).position(1))));
        assertEquals("8200", sent(server, out -> out.binary(NOTHING)));
    }

    @Test
    void writes_parts_of_messages() {
        assertEquals("010161", sent(server, out -> out.textPart("a", false)));
        assertEquals("0000", sent(server, out -> out.textPart("", false)));
        assertEquals("800162", sent(server, out -> out.textPart("b", true)));
        assertEquals("020101", sent(server, out -> out.binaryPart(ByteBuffer.wrap(new byte[] {1}), false)));
        assertEquals("8000", sent(server, out -> out.binaryPart(NOTHING, true)));
        assertEquals("810163", sent(server, out -> out.textPart("c", true)));
    }

    @Test
    void writes_control_frames_between_parts() {
        assertEquals("010161", sent(server, out -> out.textPart("a", false)));
        assertEquals("890101", sent(server, out -> out.ping(ByteBuffer.wrap(new byte[] {1}))));
        assertEquals("8a0102", sent(server, out -> out.pong(ByteBuffer.wrap(new byte[] {2}))));
        assertEquals("8800", sent(server, out -> out.close(CloseStatus.NO_STATUS)));
    }

    @Test
    void writes_close_frames() {
        assertEquals("8800", sent(newServer(), out -> out.close(CloseStatus.NO_STATUS)));
        assertEquals("880203e8", sent(newServer(), out -> out.close(CloseStatus.NORMAL)));
        assertEquals("880403f36f6b", sent(newServer(), out -> out.close(CloseStatus.of(1011, "ok"))));
        assertEquals(
                "887d1387" + "61".repeat(123),
                sent(newServer(), out -> out.close(CloseStatus.of(4999, "a".repeat(123)))));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {1004, 1006, 1015, 1016, 2999})
    void refuses_close_codes_that_must_not_be_sent(int code) {
        assertThrows(IllegalArgumentException.class, () -> server.close(CloseStatus.of(code)));
        assertFalse(server.isClosed());
    }

    @Test
    void refuses_a_reason_without_a_code() {
        assertThrows(IllegalArgumentException.class, () -> server.close(CloseStatus.of(1005, "why")));
    }

    @Test
    void replies() {
        assertEquals("8a0101", sent(server, out -> out.reply(new Reply.Pong(ByteBuffer.wrap(new byte[] {1})))));
        assertEquals("880203ea", sent(server, out -> out.reply(new Reply.Close(CloseStatus.PROTOCOL_ERROR))));
        assertTrue(server.isClosed());
    }

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource({"124, true", "125, true", "126, false"})
    void control_frames_carry_up_to_125_bytes(int size, boolean accepted) {
        var payload = ByteBuffer.wrap(pattern(size));
        if (accepted) {
            assertEquals("897%x".formatted(size - 112) + hex(pattern(size)), sent(server, out -> out.ping(payload)));
            assertEquals(
                    "8a7%x".formatted(size - 112) + hex(pattern(size)),
                    sent(server, out -> out.pong(payload.rewind())));
        } else {
            assertThrows(IllegalArgumentException.class, () -> server.ping(payload));
            assertThrows(IllegalArgumentException.class, () -> server.pong(payload));
            assertTrue(server.encode(ByteBuffer.allocate(1)), "no frame was begun");
        }
    }

    static Stream<Consumer<Outbound>> commands() {
        return Stream.of(
                out -> out.text("a"),
                out -> out.text("a", true),
                out -> out.binary(ByteBuffer.allocate(1)),
                out -> out.binary(ByteBuffer.allocate(1), true),
                out -> out.textPart("a", false),
                out -> out.binaryPart(ByteBuffer.allocate(1), false),
                out -> out.ping(ByteBuffer.allocate(1)),
                out -> out.pong(ByteBuffer.allocate(1)),
                out -> out.close(CloseStatus.NORMAL),
                out -> out.reply(new Reply.Close(CloseStatus.NORMAL)));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void nothing_follows_a_close_frame(Consumer<Outbound> command) {
        sent(server, out -> out.close(CloseStatus.NORMAL));
        assertThrows(IllegalStateException.class, () -> command.accept(server));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_frame_is_encoded_to_its_end_before_the_next(Consumer<Outbound> command) {
        command.accept(server);
        assertThrows(IllegalStateException.class, () -> server.ping(NOTHING), "header not written");
        assertFalse(server.encode(ByteBuffer.allocate(2)));
        assertThrows(IllegalStateException.class, () -> server.ping(NOTHING), "payload not written");
    }

    @Test
    void messages_do_not_mix_with_the_parts_of_another() {
        sent(server, out -> out.textPart("a", false));
        assertThrows(IllegalStateException.class, () -> server.text("b"));
        assertThrows(IllegalStateException.class, () -> server.text("b", false));
        assertThrows(IllegalStateException.class, () -> server.binary(NOTHING));
        assertThrows(IllegalStateException.class, () -> server.binary(NOTHING, false));
        assertThrows(IllegalStateException.class, () -> server.binaryPart(NOTHING, true));
        sent(server, out -> out.textPart("b", true));
        sent(server, out -> out.binaryPart(NOTHING, false));
        assertThrows(IllegalStateException.class, () -> server.textPart("a", false));
        assertThrows(IllegalStateException.class, () -> server.text("b"));
        assertEquals("8000", sent(server, out -> out.binaryPart(NOTHING, true)));
    }

    @Test
    void is_closed_when_a_close_frame_was_begun() {
        assertFalse(server.isClosed());
        server.close(CloseStatus.NORMAL);
        assertTrue(server.isClosed());
    }

    @Test
    void encodes_nothing_when_nothing_was_begun() {
        var target = ByteBuffer.allocate(1);
        assertTrue(server.encode(target));
        sent(server, out -> out.text("a"));
        assertTrue(server.encode(target));
        assertEquals(0, target.position());
    }

    @Test
    void a_surrogate_pair_may_be_cut_by_the_end_of_a_part() {
        var smiley = "😀"; // d83d de00, f09f9880 in UTF-8
        assertEquals("010161", sent(server, out -> out.textPart("a" + smiley.charAt(0), false)));
        assertEquals("0000", sent(server, out -> out.textPart("", false)));
        assertEquals("0005" + "f09f9880" + "62", sent(server, out -> out.textPart(smiley.charAt(1) + "b", false)));
        assertEquals("0000", sent(server, out -> out.textPart(smiley.substring(0, 1), false)));
        assertEquals("8004" + "f09f9880", sent(server, out -> out.textPart(smiley.substring(1), true)));
    }

    @Test
    void refuses_unpaired_surrogates_and_is_as_before() {
        assertUnpaired(1, () -> server.text("a\ud83d"));
        assertUnpaired(0, () -> server.text("\ude00"));
        assertUnpaired(0, () -> server.textPart("\ude00", false));
        assertUnpaired(1, () -> server.textPart("a\ud83d", true));
        assertUnpaired(0, () -> server.textPart("\ud83d\ud83d", false));
        sent(server, out -> out.textPart("a\ud83d", false));
        assertUnpaired(-1, () -> server.textPart("b", false));
        assertUnpaired(-1, () -> server.textPart("", true));
        assertEquals("8004f09f9880", sent(server, out -> out.textPart("\ude00", true)));
    }

    @ParameterizedTest(name = "{0} characters")
    @ValueSource(ints = {1, 31, 32, 33, 126, 4095, 4096, 4097, 5120, 5121})
    void a_text_of_any_length_is_sent_as_utf_8_or_refused_for_a_surrogate_wherever_that_is(int length) {
        for (var at = 0; at < length; at += length < 100 ? 1 : 61) {
            var before = "a".repeat(at);
            var behind = "?".repeat(length - at - 1);
            for (var inside : new String[] {"z", "ü", "\uffff", "😀"}) {
                var text = before + inside + behind;
                var payload = utf8(text);
                assertEquals(
                        hex(Wire.frame(FrameEncoder.FIN | Opcode.TEXT, payload)), sent(server, out -> out.text(text)));
            }
            assertUnpaired(at, () -> server.text(before + '\udbff' + behind));
            assertUnpaired(at, () -> server.text(before + '\udc00' + behind, true));
        }
    }

    private static void assertUnpaired(int index, Runnable command) {
        var thrown = assertThrows(IllegalArgumentException.class, command::run);
        assertEquals("unpaired surrogate at index " + index, thrown.getMessage());
    }

    @Test
    void a_client_masks_every_frame_with_a_key_of_its_own() {
        var keys = new AtomicInteger(0x01020304);
        var client = new Outbound(Role.CLIENT, () -> keys.getAndAdd(0x01000000));
        assertEquals("8181" + "01020304" + "60", sent(client, out -> out.text("a")));
        assertEquals("8181" + "02020304" + "63", sent(client, out -> out.text("a")));
        assertEquals("8980" + "03020304", sent(client, out -> out.ping(NOTHING)));
        assertEquals("8882" + "04020304" + "07ea", sent(client, out -> out.close(CloseStatus.NORMAL)));
    }

    @Test
    void the_payload_on_the_wire_differs_for_two_equal_messages() {
        var keys = new AtomicInteger(Wire.KEY);
        var client = new Outbound(Role.CLIENT, keys::incrementAndGet);
        var message = "the very same message";
        assertNotEquals(
                sent(client, out -> out.text(message)).substring(12),
                sent(client, out -> out.text(message)).substring(12));
    }

    @Test
    void consumes_the_payload_and_leaves_its_bytes_as_they_are() {
        for (var role : Role.values()) {
            var outbound = new Outbound(role, () -> Wire.KEY);
            var bytes = pattern(300);
            var payload = ByteBuffer.wrap(bytes).position(7).limit(207);
            sent(outbound, out -> out.binary(payload));
            assertEquals(0, payload.remaining());
            assertEquals(207, payload.position());
            assertEquals(hex(pattern(300)), hex(bytes));
        }
    }

    @Test
    void takes_payloads_from_heap_direct_and_read_only_buffers() {
        var bytes = pattern(1000);
        var expected = "827e03e8" + hex(bytes);
        assertEquals(expected, sent(server, out -> out.binary(ByteBuffer.wrap(bytes))));
        assertEquals(
                expected, sent(server, out -> out.binary(ByteBuffer.wrap(bytes).asReadOnlyBuffer())));
        assertEquals(
                expected,
                sent(
                        server,
                        out -> out.binary(
                                ByteBuffer.allocateDirect(1000).put(bytes).flip())));
    }

    @Test
    void the_rest_of_a_payload_that_is_not_masked_can_be_sent_from_where_it_lies() {
        var payload = pattern(20);
        server.binary(ByteBuffer.wrap(payload).position(1));
        var start = ByteBuffer.allocate(5);
        assertFalse(server.encode(start));
        assertEquals("8213" + hex(Arrays.copyOfRange(payload, 1, 4)), hex(start.array()));

        var rest = server.takeRest();

        assertEquals(ByteBuffer.wrap(payload).position(4), rest);
        payload[4] = 99;
        assertEquals(ByteBuffer.wrap(payload).position(4), rest, "no copy");
        assertTrue(server.encode(start), "the frame is over");
        assertNull(server.takeRest());
        assertEquals("810161", sent(server, out -> out.text("a")));
    }

    @Test
    void no_rest_is_given_out_before_the_header_is_written_or_of_what_is_not_in_an_array() {
        assertNull(server.takeRest(), "nothing was begun");
        server.binary(ByteBuffer.wrap(pattern(20)));
        assertFalse(server.encode(ByteBuffer.allocate(1)));
        assertNull(server.takeRest(), "half of the header is to come");
        assertFalse(server.encode(ByteBuffer.allocate(1)));
        assertEquals(20, Objects.requireNonNull(server.takeRest()).remaining());

        server.binary(ByteBuffer.allocateDirect(20));
        assertFalse(server.encode(ByteBuffer.allocate(5)));
        assertNull(server.takeRest());
        assertTrue(server.encode(ByteBuffer.allocate(17)));
    }

    @Test
    void no_rest_is_given_out_of_what_is_masked() {
        var client = new Outbound(Role.CLIENT, () -> Wire.KEY);
        client.binary(ByteBuffer.wrap(pattern(20)));
        assertFalse(client.encode(ByteBuffer.allocate(10)));
        assertNull(client.takeRest());
        assertTrue(client.encode(ByteBuffer.allocate(16)));
    }

    @Test
    void rejects_extensions_that_it_does_not_know() {
        var extensions = List.of(new Extension("permessage-bzip2", List.of()));
        var thrown = assertThrows(
                IllegalArgumentException.class,
                () -> new Outbound(Role.SERVER, () -> 0, extensions, DeflateOptions.defaults()));
        assertEquals("extension not supported: permessage-bzip2", thrown.getMessage());
    }

    @Test
    void text_is_sent_as_utf_8() {
        assertEquals("8109" + hex(utf8("ü€😀")), sent(server, out -> out.text("ü€😀")));
    }

    private static Outbound newServer() {
        return new Outbound(Role.SERVER, () -> 0);
    }

    private static String sent(Outbound outbound, Consumer<Outbound> command) {
        command.accept(outbound);
        var target = ByteBuffer.allocate(6000);
        assertTrue(outbound.encode(target));
        return hex(target.flip());
    }
}
