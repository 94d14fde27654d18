package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.frame;
import static io.github.postern.ws.core.Wire.hex;
import static io.github.postern.ws.core.Wire.pattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §5.2 and §5.3: how a frame is written, whatever room there is. */
class FrameEncoderTest {
    private static final int BINARY = FrameEncoder.FIN | Opcode.BINARY;

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 124, 125, 126, 127, 128, 65534, 65535, 65536, 65537})
    void writes_the_shortest_form_of_the_length(int size) {
        var expected = frame(BINARY, pattern(size));
        assertEquals(hex(expected), written(Role.SERVER, size, size + 14, false));
        assertEquals(hex(Wire.masked(expected, Wire.KEY)), written(Role.CLIENT, size, size + 14, false));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void goes_on_where_the_room_ended(Role role) {
        for (var size : new int[] {0, 1, 5, 125, 126, 300, 65536}) {
            var whole = written(role, size, size + 14, false);
            for (var room : new int[] {1, 2, 3, 5, 7, 13, 64, 4096}) {
                assertEquals(whole, written(role, size, room, false), () -> size + " bytes by " + room);
                assertEquals(whole, written(role, size, room, true), () -> size + " bytes by " + room + ", direct");
            }
        }
    }

    @Test
    void a_frame_may_end_with_the_room() {
        var encoder = new FrameEncoder(Role.SERVER, () -> 0);
        encoder.begin(BINARY, pattern(3));
        assertTrue(encoder.encode(ByteBuffer.allocate(5)));
        encoder.begin(BINARY, pattern(3));
        assertFalse(encoder.encode(ByteBuffer.allocate(4)));
        assertTrue(encoder.isBusy());
        assertTrue(encoder.encode(ByteBuffer.allocate(1)));
        assertFalse(encoder.isBusy());
    }

    @Test
    void writes_nothing_where_there_is_no_room() {
        var encoder = new FrameEncoder(Role.CLIENT, () -> Wire.KEY);
        encoder.begin(BINARY, pattern(3));
        assertFalse(encoder.encode(ByteBuffer.allocate(0)));
        assertFalse(encoder.encode(ByteBuffer.allocate(6)));
        assertFalse(encoder.encode(ByteBuffer.allocate(0)));
        assertTrue(encoder.encode(ByteBuffer.allocate(3)));
    }

    @Test
    void writes_at_the_position_and_masks_nothing_before_it() {
        for (var target : new ByteBuffer[] {
            ByteBuffer.allocate(20), ByteBuffer.allocate(30).slice(5, 20), ByteBuffer.allocateDirect(20)
        }) {
            target.order(ByteOrder.LITTLE_ENDIAN).put(new byte[] {1, 2, 3});
            var encoder = new FrameEncoder(Role.CLIENT, () -> Wire.KEY);
            encoder.begin(BINARY, pattern(9));
            assertTrue(encoder.encode(target));
            assertEquals("010203" + hex(Wire.masked(frame(BINARY, pattern(9)), Wire.KEY)), hex(target.flip()));
        }
    }

    @Test
    void writes_nothing_when_no_frame_was_begun() {
        var encoder = new FrameEncoder(Role.CLIENT, () -> Wire.KEY);
        assertEquals("", written(encoder, ByteBuffer.allocate(20)));
        encoder.begin(BINARY, pattern(50));
        written(encoder, ByteBuffer.allocate(7));
        assertEquals("", written(encoder, ByteBuffer.allocate(20)));
        encoder.begin(BINARY, ByteBuffer.wrap(pattern(5)));
        written(encoder, ByteBuffer.allocate(20));
        assertEquals("", written(encoder, ByteBuffer.allocate(20)));
    }

    @ParameterizedTest
    @EnumSource
    void takes_the_payload_from_any_kind_of_buffer(Role role) {
        var wanted =
                hex(role == Role.CLIENT ? Wire.masked(frame(BINARY, pattern(9)), Wire.KEY) : frame(BINARY, pattern(9)));
        for (var payload : new ByteBuffer[] {
            ByteBuffer.wrap(pattern(9)).asReadOnlyBuffer(),
            ByteBuffer.allocateDirect(9).put(pattern(9)).flip(),
            ByteBuffer.allocate(20)
                    .position(3)
                    .put(pattern(9))
                    .limit(12)
                    .position(3)
                    .slice()
        }) {
            for (var room : new int[] {4, 30}) {
                var encoder = new FrameEncoder(role, () -> Wire.KEY);
                encoder.begin(BINARY, payload.rewind());
                assertEquals(wanted, written(encoder, ByteBuffer.allocate(room)));
                assertFalse(payload.hasRemaining());
            }
        }
    }

    private static String written(Role role, int size, int room, boolean direct) {
        var fromArray = new FrameEncoder(role, () -> Wire.KEY);
        fromArray.begin(BINARY, pattern(size));
        var fromBuffer = new FrameEncoder(role, () -> Wire.KEY);
        fromBuffer.begin(BINARY, ByteBuffer.wrap(pattern(size)));
        var target = direct ? ByteBuffer.allocateDirect(room) : ByteBuffer.allocate(room);
        var bytes = written(fromArray, target);
        assertEquals(bytes, written(fromBuffer, target));
        return bytes;
    }

    private static String written(FrameEncoder encoder, ByteBuffer target) {
        var bytes = new ByteArrayOutputStream();
        var complete = false;
        while (!complete) {
            complete = encoder.encode(target.clear());
            assertTrue(complete || !target.hasRemaining(), "room is left");
            target.flip();
            while (target.hasRemaining()) {
                bytes.write(target.get());
            }
        }
        return hex(bytes.toByteArray());
    }
}
