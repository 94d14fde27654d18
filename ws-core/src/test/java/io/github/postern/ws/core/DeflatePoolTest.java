package io.github.postern.ws.core;

import static io.github.postern.ws.core.Deflated.NO_TAKEOVER;
import static io.github.postern.ws.core.Deflated.TAKEOVER;
import static io.github.postern.ws.core.Deflated.encoded;
import static io.github.postern.ws.core.Deflated.extensions;
import static io.github.postern.ws.core.Wire.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who holds zlib's native memory, and until when. */
class DeflatePoolTest {
    private final Counting pool = new Counting();

    @Test
    void a_compressor_is_given_back_after_each_message() {
        var outbound = outbound(NO_TAKEOVER);
        assertEquals(0, pool.deflaters);
        outbound.text("Hello");
        assertEquals(0, pool.deflaters);
        encoded(outbound);
        outbound.textPart("Hel", false);
        encoded(outbound);
        assertEquals(1, pool.deflaters);
        outbound.textPart("lo", true);
        assertEquals(0, pool.deflaters);
        assertEquals(2, pool.borrowed);
    }

    @Test
    void a_compressor_that_remembers_is_kept_until_the_release() {
        var outbound = outbound(TAKEOVER);
        outbound.text("Hello");
        encoded(outbound);
        outbound.text("Hello");
        encoded(outbound);
        assertEquals(1, pool.deflaters);
        assertEquals(1, pool.borrowed);
        outbound.release();
        outbound.release();
        assertEquals(0, pool.deflaters);
        assertTrue(outbound.isClosed());
        assertThrows(IllegalStateException.class, () -> outbound.text("Hello"));
    }

    @Test
    void a_message_for_which_there_is_no_compressor_goes_as_it_is() {
        pool.empty = true;
        var outbound = outbound(TAKEOVER);
        outbound.text("Hello");
        assertEquals(7, encoded(outbound).length);
        outbound.textPart("Hello", false);
        assertEquals(7, encoded(outbound).length);
        pool.empty = false;
        outbound.textPart("Hello", true);
        assertEquals(7, encoded(outbound).length);
        outbound.text("Hello");
        assertEquals(9, encoded(outbound).length);
        outbound.release();
    }

    @Test
    void a_decompressor_is_held_while_a_message_arrives() {
        var inbound = inbound(NO_TAKEOVER);
        assertNull(inbound.next(ByteBuffer.wrap(bytes("c107"))));
        assertEquals(0, pool.inflaters);
        assertNull(inbound.next(ByteBuffer.wrap(bytes("f248cd"))));
        assertEquals(1, pool.inflaters);
        assertNotNull(inbound.next(ByteBuffer.wrap(bytes("c9c90700"))));
        assertEquals(0, pool.inflaters);
    }

    @Test
    void a_decompressor_that_remembers_is_kept_until_the_release() {
        var inbound = inbound(TAKEOVER);
        assertNotNull(inbound.next(ByteBuffer.wrap(bytes("c107 f248cdc9c90700"))));
        assertEquals(1, pool.inflaters);
        inbound.release();
        inbound.release();
        assertEquals(0, pool.inflaters);
        assertTrue(inbound.isClosed());
        assertNull(inbound.next(ByteBuffer.wrap(bytes("c107 f248cdc9c90700"))));
        assertEquals(0, pool.inflaters);
    }

    @Test
    void each_direction_remembers_as_was_agreed_for_it() {
        var onlyClientRemembers = new PerMessageDeflate(true, false, 15, 15);
        var options = new DeflateOptions(0, pool);
        var server = new Outbound(Role.SERVER, () -> 0, extensions(onlyClientRemembers), options);
        server.text("Hello");
        assertEquals(0, pool.deflaters);
        var client = new Outbound(Role.CLIENT, () -> 0, extensions(onlyClientRemembers), options);
        client.text("Hello");
        assertEquals(1, pool.deflaters);

        var frame = bytes("c107 f248cdc9c90700");
        var clients = new Inbound(Role.CLIENT, Limits.defaults(), extensions(onlyClientRemembers), options);
        assertNotNull(clients.next(ByteBuffer.wrap(frame)));
        assertEquals(0, pool.inflaters);
        var servers = new Inbound(Role.SERVER, Limits.defaults(), extensions(onlyClientRemembers), options);
        assertNotNull(servers.next(ByteBuffer.wrap(Wire.masked(frame, Wire.KEY))));
        assertEquals(1, pool.inflaters);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"8800", "8300", "c102 ffff"})
    void the_end_of_the_input_gives_the_decompressor_back(String end) {
        var inbound = inbound(TAKEOVER);
        assertNotNull(inbound.next(ByteBuffer.wrap(bytes("c107 f248cdc9c90700"))));
        assertEquals(1, pool.inflaters);
        assertNotNull(inbound.next(ByteBuffer.wrap(bytes(end))));
        assertEquals(0, pool.inflaters);
        assertTrue(inbound.isClosed());
    }

    @Test
    void plain_messages_need_neither() {
        var inbound = inbound(TAKEOVER);
        assertNotNull(inbound.next(ByteBuffer.wrap(bytes("8103 616263"))));
        var outbound = outbound(TAKEOVER);
        outbound.text("Hello", false);
        assertFalse(pool.borrowed > 0);
    }

    @Test
    void what_a_pool_that_keeps_nothing_is_given_back_is_ended() {
        var unpooled = DeflatePool.unpooled();
        var deflater = assertInstanceOf(Deflater.class, unpooled.borrowDeflater());
        deflater.reset();
        unpooled.giveBack(deflater);
        assertThrows(RuntimeException.class, deflater::reset);
        var inflater = unpooled.borrowInflater();
        inflater.reset();
        unpooled.giveBack(inflater);
        assertThrows(RuntimeException.class, inflater::reset);
    }

    @Test
    void a_compressor_that_is_kept_does_not_hold_on_to_the_message() {
        var outbound = outbound(TAKEOVER);
        outbound.binary(ByteBuffer.allocate(100));
        assertEquals(0, pool.lastInput);
        encoded(outbound);
        outbound.binaryPart(ByteBuffer.allocate(100), false);
        assertEquals(0, pool.lastInput);
        outbound.release();
    }

    @Test
    void a_decompressor_that_is_kept_does_not_hold_on_to_the_input() {
        var inbound = inbound(TAKEOVER);
        assertNull(inbound.next(ByteBuffer.wrap(bytes("c107 f248cd"))));
        assertEquals(0, pool.lastInput);
        assertNotNull(inbound.next(ByteBuffer.wrap(bytes("c9c90700"))));
        assertEquals(0, pool.lastInput);
        inbound.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 10})
    void refuses_a_level_that_zlib_does_not_have(int level) {
        var thrown = assertThrows(IllegalArgumentException.class, () -> DeflatePool.unpooled(level));
        assertEquals("level outside -1 to 9: " + level, thrown.getMessage());
    }

    @Test
    void refuses_a_negative_threshold() {
        var thrown = assertThrows(IllegalArgumentException.class, () -> new DeflateOptions(-1, pool));
        assertEquals("threshold below 0: -1", thrown.getMessage());
        assertEquals(0, new DeflateOptions(0, pool).threshold());
        assertEquals(1024, DeflateOptions.defaults().threshold());
    }

    private Outbound outbound(PerMessageDeflate agreed) {
        return new Outbound(Role.SERVER, () -> 0, extensions(agreed), new DeflateOptions(0, pool));
    }

    private Inbound inbound(PerMessageDeflate agreed) {
        return new Inbound(Role.CLIENT, Limits.defaults(), extensions(agreed), new DeflateOptions(0, pool));
    }

    /** Counts what is lent, and the bytes of what it was given last. */
    private static final class Counting implements DeflatePool {
        int deflaters;
        int inflaters;
        int borrowed;
        int lastInput;
        boolean empty;

        @Override
        public @Nullable Deflater borrowDeflater() {
            if (empty) {
                return null;
            }
            deflaters++;
            borrowed++;
            return new Deflater(Deflater.DEFAULT_COMPRESSION, true) {
                @Override
                public void setInput(byte[] input) {
                    lastInput = input.length;
                    super.setInput(input);
                }

                @Override
                public void setInput(ByteBuffer input) {
                    lastInput = input.capacity();
                    super.setInput(input);
                }
            };
        }

        @Override
        public void giveBack(Deflater deflater) {
            deflaters--;
            deflater.end();
        }

        @Override
        public Inflater borrowInflater() {
            inflaters++;
            borrowed++;
            return new Inflater(true) {
                @Override
                public void setInput(ByteBuffer input) {
                    lastInput = input.capacity();
                    super.setInput(input);
                }
            };
        }

        @Override
        public void giveBack(Inflater inflater) {
            inflaters--;
            inflater.end();
        }
    }
}
