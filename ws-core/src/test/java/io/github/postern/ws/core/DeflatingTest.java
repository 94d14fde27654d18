package io.github.postern.ws.core;

import static io.github.postern.ws.core.Deflated.NO_TAKEOVER;
import static io.github.postern.ws.core.Deflated.TAKEOVER;
import static io.github.postern.ws.core.Deflated.encoded;
import static io.github.postern.ws.core.Deflated.extensions;
import static io.github.postern.ws.core.Wire.hex;
import static io.github.postern.ws.core.Wire.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7692 §6.1, §7.1 and §7.2.1: messages as they are compressed. */
class DeflatingTest {
    private static final int RSV1 = 0x40;
    private static final DeflateOptions ALL = DeflateOptions.defaults().withThreshold(0);

    @Test
    void the_examples_of_the_rfc() {
        var outbound = outbound(TAKEOVER);
        outbound.text("Hello");
        assertEquals("c107f248cdc9c90700", hex(encoded(outbound)));
        outbound.text("Hello");
        assertEquals("c105f200110000", hex(encoded(outbound)));
    }

    @Test
    void without_context_takeover_equal_messages_are_equal_bytes() {
        var outbound = outbound(NO_TAKEOVER);
        var text = "Hello, ".repeat(20);
        outbound.text(text);
        var first = hex(encoded(outbound));
        outbound.text(text);
        assertEquals(first, hex(encoded(outbound)));
    }

    @Test
    void only_the_first_frame_of_a_message_bears_rsv1() {
        var outbound = outbound(NO_TAKEOVER);
        outbound.textPart("Hello, ", false);
        assertEquals(RSV1 | Opcode.TEXT, encoded(outbound)[0] & 0xFF);
        outbound.ping(ByteBuffer.allocate(0));
        assertEquals(0x89, encoded(outbound)[0] & 0xFF);
        outbound.textPart("world", false);
        assertEquals(0, encoded(outbound)[0] & 0xFF);
        outbound.textPart("!", true);
        assertEquals(0x80, encoded(outbound)[0] & 0xFF);
        outbound.binaryPart(ByteBuffer.allocate(100), true);
        assertEquals(0xC2, encoded(outbound)[0] & 0xFF);
    }

    @Test
    void an_empty_message_is_one_byte_if_it_is_compressed_at_all() {
        var outbound = outbound(TAKEOVER);
        outbound.text("");
        assertEquals("c10100", hex(encoded(outbound)));
        outbound.binary(ByteBuffer.allocate(0));
        assertEquals("c20100", hex(encoded(outbound)));
        outbound.text("Hello");
        encoded(outbound);
        outbound.text("");
        assertEquals("c10100", hex(encoded(outbound)));
    }

    @Test
    void an_empty_last_part_is_one_byte() {
        var outbound = outbound(NO_TAKEOVER);
        outbound.textPart("Hello", false);
        encoded(outbound);
        outbound.textPart("", false);
        assertEquals("0000", hex(encoded(outbound)));
        outbound.textPart("", true);
        assertEquals("800100", hex(encoded(outbound)));
    }

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource({"99, false", "100, true", "101, true"})
    void messages_are_compressed_from_the_threshold_on(int size, boolean compressed) {
        var options = DeflateOptions.defaults().withThreshold(100);
        var outbound = new Outbound(Role.SERVER, () -> 0, extensions(NO_TAKEOVER), options);
        outbound.text("x".repeat(size));
        assertEquals(compressed, isCompressed(outbound));
        outbound.binary(ByteBuffer.allocate(size));
        assertEquals(compressed, isCompressed(outbound));
        outbound.text("é".repeat(size / 2) + "e".repeat(size % 2)); // bytes count, not characters
        assertEquals(compressed, isCompressed(outbound));
    }

    @Test
    void the_caller_may_decide_for_each_message() {
        var outbound = new Outbound(Role.SERVER, () -> 0, extensions(NO_TAKEOVER), DeflateOptions.defaults());
        outbound.text("x".repeat(50), true);
        assertTrue(isCompressed(outbound));
        outbound.text("x".repeat(5000), false);
        assertFalse(isCompressed(outbound));
        outbound.binary(ByteBuffer.allocate(50), true);
        assertTrue(isCompressed(outbound));
        outbound.binary(ByteBuffer.allocate(5000), false);
        assertFalse(isCompressed(outbound));
        outbound.textPart("x", true, false);
        assertFalse(isCompressed(outbound));
        outbound.binaryPart(ByteBuffer.allocate(5000), true, false);
        assertFalse(isCompressed(outbound));
        outbound.textPart("x", true, true);
        assertTrue(isCompressed(outbound));
    }

    @Test
    void what_the_first_part_decides_holds_for_the_message() {
        var outbound = outbound(NO_TAKEOVER);
        outbound.binaryPart(ByteBuffer.wrap(utf8("ab")), false, false);
        assertEquals("02026162", hex(encoded(outbound)));
        outbound.binaryPart(ByteBuffer.wrap(utf8("cd")), true, true);
        assertEquals("80026364", hex(encoded(outbound)));
    }

    @ParameterizedTest
    @EnumSource
    void without_an_agreement_nothing_is_compressed(Role role) {
        var outbound = new Outbound(role, () -> 0);
        outbound.text("x".repeat(5000), true);
        assertFalse(isCompressed(outbound));
        outbound.binary(ByteBuffer.allocate(5000), true);
        assertFalse(isCompressed(outbound));
        outbound.textPart("x".repeat(5000), true, true);
        assertFalse(isCompressed(outbound));
    }

    @Test
    void what_would_not_get_shorter_goes_as_it_is() {
        var outbound = outbound(NO_TAKEOVER);
        var random = new byte[2000];
        new Random(1).nextBytes(random);
        outbound.binary(ByteBuffer.wrap(random));
        assertEquals("827e07d0" + hex(random), hex(encoded(outbound)));
        outbound.text("a");
        assertEquals("810161", hex(encoded(outbound)));
    }

    @Test
    void what_would_stay_as_long_goes_as_it_is() {
        var message = "HelloHello";
        assertEquals(message.length(), Deflated.payload(utf8(message)).length);
        var outbound = outbound(NO_TAKEOVER);
        outbound.text(message);
        assertEquals("810a" + hex(utf8(message)), hex(encoded(outbound)));
    }

    @Test
    void what_is_to_be_remembered_is_sent_compressed_in_any_case() {
        var outbound = outbound(TAKEOVER);
        var random = new byte[2000];
        new Random(1).nextBytes(random);
        outbound.binary(ByteBuffer.wrap(random));
        assertTrue(isCompressed(outbound));
        outbound.binary(ByteBuffer.wrap(random));
        assertTrue(encoded(outbound).length < 100);
    }

    @Test
    void the_callers_buffer_is_consumed_and_not_modified() {
        var outbound = outbound(NO_TAKEOVER);
        var message = ByteBuffer.allocate(3000).position(1000).limit(2500).asReadOnlyBuffer();
        outbound.binary(message);
        encoded(outbound);
        assertEquals(2500, message.position());
        assertEquals(2500, message.limit());
    }

    @Test
    void a_refused_command_consumes_nothing() {
        var outbound = outbound(NO_TAKEOVER);
        outbound.close(CloseStatus.NORMAL);
        encoded(outbound);
        var message = ByteBuffer.allocate(3000);
        assertThrows(IllegalStateException.class, () -> outbound.binary(message, true));
        assertThrows(IllegalStateException.class, () -> outbound.binaryPart(message, true, true));
        assertEquals(3000, message.remaining());
    }

    /** Beyond its window a message cannot refer to its beginning; within it does. */
    @ParameterizedTest(name = "{0} bits")
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
    void nothing_refers_farther_back_than_the_window(int bits) {
        for (var role : Role.values()) {
            var agreed = role == Role.SERVER
                    ? TAKEOVER.withServerMaxWindowBits(bits)
                    : TAKEOVER.withClientMaxWindowBits(bits);
            assertEquals(false, refersBack(role, agreed, 1 << bits), () -> role + " refers back beyond the window");
            assertEquals(true, refersBack(role, agreed, 1 << bits - 2), () -> role + " does not use the window");
        }
    }

    /** Whether random bytes, sent as a message, shorten their repetition in a second one. */
    private static boolean refersBack(Role role, PerMessageDeflate agreed, int size) {
        var outbound = new Outbound(role, () -> 0, extensions(agreed), ALL);
        var random = new byte[size];
        new Random(size).nextBytes(random);
        outbound.binary(ByteBuffer.wrap(random));
        encoded(outbound);
        outbound.binary(ByteBuffer.wrap(random));
        return encoded(outbound).length < size * 3 / 4;
    }

    @ParameterizedTest(name = "{0} bits")
    @ValueSource(ints = {8, 9, 12, 14})
    void after_a_message_as_long_as_the_window_the_next_is_as_if_it_were_the_first(int bits) {
        var agreed = TAKEOVER.withServerMaxWindowBits(bits);
        var first = outbound(agreed);
        first.text("Hello");
        var next = outbound(agreed);
        next.binary(ByteBuffer.allocate(1 << bits));
        encoded(next);
        next.text("Hello");
        assertEquals(hex(encoded(first)), hex(encoded(next)));
    }

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource({"0, 64", "1, 65", "8192, 8256", "8193, 4096", "100000, 50000"})
    void room_for_all_is_reserved_for_a_small_message_and_for_half_of_a_large_one(int size, int reserved) {
        var outbound = outbound(TAKEOVER);
        outbound.binary(ByteBuffer.allocate(size));
        assertEquals(reserved, Held.bytes(outbound));
    }

    @ParameterizedTest(name = "{0} bits")
    @ValueSource(ints = {8, 9, 12, 15})
    void messages_longer_than_the_window_arrive_as_they_were(int bits) {
        var agreed = TAKEOVER.withServerMaxWindowBits(bits);
        var outbound = outbound(agreed);
        var inbound = new Inbound(Role.CLIENT, Limits.defaults(), extensions(agreed), ALL);
        for (var size : new int[] {1, (1 << bits) - 1, 1 << bits, (1 << bits) + 1, 3 << bits, 100_000}) {
            var message = Texts.random(new Random(size), size / 2) + "!".repeat(size / 2);
            outbound.text(message);
            assertEquals(new Event.Text(message), inbound.next(ByteBuffer.wrap(encoded(outbound))));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, -1})
    void every_level_can_be_read(int level) {
        var options = ALL.withPool(DeflatePool.unpooled(level));
        var outbound = new Outbound(Role.SERVER, () -> 0, extensions(TAKEOVER), options);
        var inbound = new Inbound(Role.CLIENT, Limits.defaults(), extensions(TAKEOVER), ALL);
        var message = "All work and no play ".repeat(2000);
        outbound.text(message);
        assertEquals(new Event.Text(message), inbound.next(ByteBuffer.wrap(encoded(outbound))));
    }

    private static boolean isCompressed(Outbound outbound) {
        return (encoded(outbound)[0] & RSV1) != 0;
    }

    private static Outbound outbound(PerMessageDeflate agreed) {
        return new Outbound(Role.SERVER, () -> 0, extensions(agreed), ALL);
    }
}
