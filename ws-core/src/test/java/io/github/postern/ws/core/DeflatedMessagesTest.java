package io.github.postern.ws.core;

import static io.github.postern.ws.core.Deflated.NO_TAKEOVER;
import static io.github.postern.ws.core.Deflated.TAKEOVER;
import static io.github.postern.ws.core.Wire.bytes;
import static io.github.postern.ws.core.Wire.frame;
import static io.github.postern.ws.core.Wire.hex;
import static io.github.postern.ws.core.Wire.pattern;
import static io.github.postern.ws.core.Wire.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7692 §6.2, §7.2.2 and §7.2.3: compressed messages as they are received. */
class DeflatedMessagesTest {
    private static final String NOT_DEFLATE = "failed 1007 compressed message is not DEFLATE data";

    @Test
    void a_message_compressed_using_one_block() {
        Received.frames("c107 f248cdc9c90700").compressed(NO_TAKEOVER).gives("text Hello");
    }

    @Test
    void a_compressed_message_in_two_fragments() {
        Received.frames("4103 f248cd", "8004 c9c90700").compressed(NO_TAKEOVER).gives("text Hello");
    }

    @Test
    void a_second_message_that_refers_to_the_first() {
        Received.frames("c107 f248cdc9c90700", "c105 f200110000")
                .compressed(TAKEOVER)
                .gives("text Hello", "text Hello");
    }

    @Test
    void a_second_message_may_not_refer_to_the_first_without_context_takeover() {
        Received.frames("c107 f248cdc9c90700", "c105 f200110000")
                .compressed(NO_TAKEOVER)
                .gives("text Hello", NOT_DEFLATE);
    }

    @Test
    void without_context_takeover_each_message_stands_alone() {
        Received.frames("c107 f248cdc9c90700", "c107 f248cdc9c90700")
                .compressed(NO_TAKEOVER)
                .gives("text Hello", "text Hello");
    }

    @Test
    void a_block_without_compression() {
        Received.frames("c10b 000500faff48656c6c6f00").compressed(NO_TAKEOVER).gives("text Hello");
    }

    @ParameterizedTest(name = "takeover {0}")
    @ValueSource(booleans = {false, true})
    void messages_may_follow_one_whose_block_is_marked_final(boolean takeover) {
        Received.frames("c108 f348cdc9c9070000", "c107 f248cdc9c90700", "c108 f348cdc9c9070000", "8101 61")
                .compressed(takeover ? TAKEOVER : NO_TAKEOVER)
                .gives("text Hello", "text Hello", "text Hello", "text a");
    }

    @Test
    void a_final_block_may_be_followed_by_others_in_the_same_message() {
        Received.frames("c10e f348cdc9c90700 f248cdc9c90700")
                .compressed(TAKEOVER)
                .gives("text HelloHello");
        Received.frames("4107 f348cdc9c90700", "8008 f348cdc9c9070000")
                .compressed(NO_TAKEOVER)
                .gives("text HelloHello");
    }

    @Test
    void a_final_block_that_ends_the_message_needs_no_empty_one_behind_it() {
        Received.frames("c107 f348cdc9c90700", "c107 f248cdc9c90700")
                .compressed(TAKEOVER)
                .gives("text Hello", "text Hello");
    }

    @Test
    void two_blocks_in_one_message() {
        Received.frames("c10d f248050000 00ffff cac9c90700")
                .compressed(NO_TAKEOVER)
                .gives("text Hello");
    }

    @Test
    void an_empty_message_is_one_byte() {
        Received.frames("c101 00", "c201 00", "c107 f248cdc9c90700")
                .compressed(TAKEOVER)
                .gives("text ", "binary ", "text Hello");
    }

    @Test
    void uncompressed_messages_may_be_mixed_in_and_are_not_remembered() {
        Received.frames("c107 f248cdc9c90700", "8103 61626c", "c105 f200110000")
                .compressed(TAKEOVER)
                .gives("text Hello", "text abl", "text Hello");
    }

    @Test
    void fragments_of_a_compressed_message_may_be_empty() {
        Received.frames("4100", "0003 f248cd", "0000", "0004 c9c90700", "8000")
                .compressed(NO_TAKEOVER)
                .gives("text Hello");
    }

    @Test
    void control_frames_come_between_the_fragments_of_a_compressed_message() {
        Received.frames("4103 f248cd", "8901 07", "8004 c9c90700")
                .compressed(NO_TAKEOVER)
                .gives("ping 07", "text Hello");
    }

    @Test
    void binary_is_decompressed_too() {
        var message = pattern(3000);
        Received.frames(frame(0xc2, Deflated.payload(message)))
                .compressed(NO_TAKEOVER)
                .gives("binary " + hex(message));
    }

    @Test
    void a_message_may_be_longer_than_what_is_decompressed_at_a_time() {
        var message = "αβγ, δ! ".repeat(5_000);
        Received.frames(frame(0xc1, Deflated.payload(utf8(message))))
                .compressed(NO_TAKEOVER)
                .gives("text " + message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"c001 00, 0", "c901 00, 9", "ca00, a", "c801 00, 8"})
    void rejects_rsv1_where_no_message_begins(String frame, String opcode) {
        Received.frames(frame)
                .compressed(NO_TAKEOVER)
                .gives("failed 1002 RSV1 on a frame that does not begin a message: 0x" + opcode);
    }

    @Test
    void what_the_peer_leaves_out_may_belong_to_any_block() {
        // §7.2.2 appends 0000ffff whatever is before it: here a stored block, which lacks its last four bytes.
        Received.frames("c209 000800f7ff 01020304").compressed(NO_TAKEOVER).gives("binary 010203040000ffff");
    }

    @Test
    void rejects_rsv1_on_a_continuation() {
        Received.frames("4103 f248cd", "c004 c9c90700")
                .compressed(NO_TAKEOVER)
                .gives("failed 1002 RSV1 on a frame that does not begin a message: 0x0");
    }

    @Test
    void rejects_a_reserved_opcode_with_rsv1() {
        Received.frames("c300").compressed(NO_TAKEOVER).gives("failed 1002 reserved opcode: 0x3");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"a100, 20", "9100, 10", "e100, 60", "d100, 50", "f100, 70"})
    void rejects_the_other_reserved_bits_still(String frame, String bits) {
        Received.frames(frame)
                .compressed(NO_TAKEOVER)
                .gives("failed 1002 reserved bit set without an extension: 0x" + bits);
    }

    @Test
    void rejects_what_is_not_deflate() {
        Received.frames("c102 ffff").compressed(NO_TAKEOVER).gives(NOT_DEFLATE);
        Received.frames("c103 010500").compressed(NO_TAKEOVER).gives(NOT_DEFLATE);
    }

    @Test
    void ends_with_the_first_failure() {
        Received.frames("c102 ffff", "c107 f248cdc9c90700").compressed(TAKEOVER).gives(NOT_DEFLATE);
    }

    @Test
    void leaves_the_limit_of_the_input_as_it_is_whatever_happens() {
        var input = ByteBuffer.wrap(bytes("c102 ffff 8101 61"));
        assertInstanceOf(Event.Failed.class, inbound(Limits.defaults()).next(input));
        assertEquals(7, input.limit());
        input = ByteBuffer.wrap(bytes("c107 f248cdc9c90700 8101 61"));
        assertInstanceOf(Event.Text.class, inbound(Limits.defaults()).next(input));
        assertEquals(3, input.remaining());
    }

    @Test
    void rejects_compressed_text_that_is_not_utf_8() {
        Received.frames(frame(0xc1, Deflated.payload(bytes("61c328"))))
                .compressed(NO_TAKEOVER)
                .gives("failed 1007 text message is not UTF-8");
        Received.frames(frame(0xc1, Deflated.payload(bytes("61c3"))))
                .compressed(NO_TAKEOVER)
                .gives("failed 1007 text message is not UTF-8");
    }

    @Test
    void fails_at_the_first_piece_that_no_text_has() {
        var inbound = inbound(Limits.defaults());
        // a stored block, of which "a" and half a character have come, then a byte that does not continue it
        assertNull(inbound.next(ByteBuffer.wrap(bytes("c10b 000500faff 61c3"))));
        var failed = assertInstanceOf(Event.Failed.class, inbound.next(ByteBuffer.wrap(bytes("28"))));
        assertEquals(CloseStatus.INVALID_PAYLOAD, failed.status());
    }

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource({"999, true", "1000, true", "1001, false", "9999, false"})
    void a_message_may_become_as_long_as_the_limit(int size, boolean accepted) {
        var message = pattern(size);
        Received.frames(frame(0xc2, Deflated.payload(message)))
                .within(Limits.defaults().withMaxMessageSize(1000))
                .compressed(NO_TAKEOVER)
                .gives(accepted ? "binary " + hex(message) : "failed 1009 message longer than 1000 bytes");
    }

    @Test
    void the_limit_counts_all_fragments_of_a_compressed_message() {
        var payload = Deflated.payload(pattern(1001));
        Received.frames(
                        frame(0x42, Arrays.copyOf(payload, 200)),
                        frame(0x80, Arrays.copyOfRange(payload, 200, payload.length)))
                .within(Limits.defaults().withMaxMessageSize(1000))
                .compressed(NO_TAKEOVER)
                .gives("failed 1009 message longer than 1000 bytes");
    }

    @Test
    void what_is_on_the_wire_may_be_longer_than_the_message_may() {
        var message = new byte[1000];
        new Random(1).nextBytes(message);
        var payload = Deflated.payload(message);
        assertTrue(payload.length > 1000);
        Received.frames(frame(0xc2, payload))
                .within(Limits.defaults().withMaxMessageSize(1000))
                .compressed(NO_TAKEOVER)
                .gives("binary " + hex(message));
    }

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource({"97, true", "98, true", "99, false"})
    void a_compressed_frame_may_be_as_long_as_the_limit_and_what_deflate_may_add(int size, boolean accepted) {
        var stored = new byte[size];
        stored[1] = (byte) (size - 6);
        stored[3] = (byte) ~(size - 6);
        stored[4] = (byte) 0xff;
        Received.frames(frame(0xc2, stored))
                .within(Limits.defaults().withMaxFrameSize(32))
                .compressed(NO_TAKEOVER)
                .gives(accepted ? "binary " + "00".repeat(size - 6) : "failed 1009 frame longer than 98 bytes: 99");
    }

    /** Whatever the window: the smaller it is, the more is added. */
    @ParameterizedTest(name = "{0} window bits, {1} bytes")
    @CsvSource({"8, 1000", "8, 1048576", "9, 1048576", "15, 1", "15, 1000", "15, 1048576"})
    void a_message_as_long_as_the_limit_is_not_refused_because_it_cannot_be_compressed(int windowBits, int size) {
        var agreed = Deflated.extensions(TAKEOVER.withServerMaxWindowBits(windowBits));
        var limits = Limits.defaults().withMaxMessageSize(size).withMaxFrameSize(size);
        var outbound = new Outbound(Role.SERVER, () -> 0, agreed, DeflateOptions.defaults());
        var inbound = new Inbound(Role.CLIENT, limits, agreed, DeflateOptions.defaults());
        var message = new byte[size];
        new Random(3).nextBytes(message);
        for (var i = 0; i < 2; i++) {
            outbound.binary(ByteBuffer.wrap(message), true);
            var event = inbound.next(ByteBuffer.wrap(Deflated.encoded(outbound)));
            assertEquals(new Event.Binary(ByteBuffer.wrap(message)), event);
        }
        outbound.release();
        inbound.release();
    }

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource({"65536, true", "65537, false"})
    void a_small_message_may_be_as_repetitive_as_it_likes(int size, boolean accepted) {
        var payload = Deflated.payload(new byte[size]);
        var event = inbound(Limits.defaults().withMaxInflationRatio(1)).next(ByteBuffer.wrap(frame(0xc2, payload)));
        assertEquals(accepted, event instanceof Event.Binary);
    }

    @ParameterizedTest(name = "ratio {0}: {1}")
    @CsvSource({"99, false", "100, true", "101, true"})
    void a_longer_message_may_grow_by_the_ratio_of_the_limit(int ratio, boolean accepted) {
        var payload = hundredfold();
        var event = inbound(Limits.defaults().withMaxInflationRatio(ratio)).next(ByteBuffer.wrap(frame(0xc2, payload)));
        assertEquals(accepted, event instanceof Event.Binary);
    }

    /** Zeros, behind as many empty blocks as make the message a hundred times as long as this. */
    private static byte[] hundredfold() {
        var emptyBlock = "000000ffff";
        for (var size = 300_000; ; size += 100) {
            var zeros = Deflated.payload(new byte[size]);
            var padding = size / 100 - zeros.length;
            if (padding % 5 == 0) {
                return Wire.concat(List.of(bytes(emptyBlock.repeat(padding / 5)), zeros));
            }
        }
    }

    @Test
    void a_bomb_is_stopped_long_before_it_is_large() {
        var payload = Deflated.payload(new byte[100_000_000]);
        var limits = new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE - 8, 1024, 200);
        var inbound = inbound(limits);
        var input = ByteBuffer.wrap(frame(0xc2, payload));
        var failed = assertInstanceOf(Event.Failed.class, inbound.next(input));
        assertEquals("message more than 200 times as long as what was received", failed.detail());
        assertEquals(CloseStatus.MESSAGE_TOO_BIG, failed.status());
        assertTrue(input.remaining() > payload.length * 0.99);
        assertEquals(0, Held.bytes(inbound) - 4);
    }

    @ParameterizedTest(name = "{0} streams: {1}")
    @CsvSource({"2, true", "3, true", "4, false"})
    void a_message_may_consist_of_as_many_streams_as_of_fragments(int streams, boolean accepted) {
        Received.frames(frame(0xc1, bytes("f348cdc9c90700".repeat(streams))))
                .within(Limits.defaults().withMaxFragments(3))
                .compressed(NO_TAKEOVER)
                .gives(
                        accepted
                                ? "text " + "Hello".repeat(streams)
                                : "failed 1008 message of more than 3 DEFLATE streams");
    }

    @Test
    void the_streams_of_different_messages_are_not_added_up() {
        Received.frames("c107 f348cdc9c90700", "c107 f348cdc9c90700", "c107 f348cdc9c90700")
                .within(Limits.defaults().withMaxFragments(1))
                .compressed(TAKEOVER)
                .gives("text Hello", "text Hello", "text Hello");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void messages_of_a_compressor_that_remembers_arrive_as_they_were(long seed) {
        var random = new Random(seed);
        var deflater = new Deflater(random.nextInt(10), true);
        var inbound = inbound(TAKEOVER, Limits.defaults());
        try {
            for (var i = 0; i < 30; i++) {
                var message = Texts.random(random, random.nextInt(3000));
                var event = inbound.next(ByteBuffer.wrap(frame(0xc1, Deflated.payload(deflater, utf8(message)))));
                assertEquals(new Event.Text(message), event);
            }
        } finally {
            deflater.end();
            inbound.release();
        }
    }

    @Test
    void parts_are_given_out_as_they_are_decompressed() {
        var message = new byte[100_000];
        new Random(7).nextBytes(message);
        var payload = Deflated.payload(message);
        var inbound = inbound(Limits.defaults());
        var input = ByteBuffer.wrap(frame(0xc2, payload));
        var received = ByteBuffer.allocate(message.length);
        Event.BinaryPart part;
        do {
            part = assertInstanceOf(Event.BinaryPart.class, inbound.nextPart(input));
            assertTrue(part.data().remaining() <= 8192, () -> "at once: " + received.position());
            received.put(part.data());
            assertTrue(Held.bytes(inbound) <= 8192 + 4);
        } while (!part.last());
        assertEquals(hex(message), hex(received.array()));
        assertEquals(4, Held.bytes(inbound));
    }

    @ParameterizedTest
    @EnumSource
    void more_may_arrive_before_all_parts_are_taken(Role role) {
        var message = pattern(100_000);
        var frame = frame(0xc2, Deflated.payload(message));
        var wire = role == Role.SERVER ? Wire.masked(frame, Wire.KEY) : frame;
        var inbound = new Inbound(role, Limits.defaults(), Deflated.extensions(NO_TAKEOVER), DeflateOptions.defaults());
        var input = ByteBuffer.allocate(wire.length);
        var received = ByteBuffer.allocate(message.length);
        var last = false;
        for (var arrived = 0; !last; ) {
            var length = Math.min(wire.length - arrived, 101);
            input.put(wire, arrived, length).flip();
            arrived += length;
            if (inbound.nextPart(input) instanceof Event.BinaryPart part) {
                received.put(part.data());
                last = part.last();
            }
            input.compact();
        }
        assertEquals(hex(message), hex(received.array()));
    }

    private static Inbound inbound(Limits limits) {
        return inbound(NO_TAKEOVER, limits);
    }

    private static Inbound inbound(PerMessageDeflate agreed, Limits limits) {
        return new Inbound(Role.CLIENT, limits, Deflated.extensions(agreed), DeflateOptions.defaults());
    }
}
