package io.github.postern.ws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.postern.ws.core.handshake.Extension;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that an {@link Inbound} receives in every way they could arrive: by a client and, masked, by a server; whole,
 * byte by byte, and cut at every position; in heap buffers, in slices of larger ones and in direct ones, and put where the {@link Inbound}
 * wants its payload; messages as a whole and in parts, which are put together here. The events have to be the same.
 */
final class Received {
    /** From here on not every position of a cut is tried. */
    private static final int LONG = 400;

    private final List<byte[]> unmasked;
    private Limits limits = Limits.defaults();
    private List<Extension> extensions = List.of();

    private Received(List<byte[]> unmasked) {
        this.unmasked = unmasked;
    }

    /** Unmasked frames in hex. */
    static Received frames(String... frames) {
        return frames(Arrays.stream(frames).map(Wire::bytes).toList());
    }

    /** Unmasked frames. */
    static Received frames(byte[]... frames) {
        return frames(List.of(frames));
    }

    /** Unmasked frames. */
    static Received frames(List<byte[]> frames) {
        return new Received(frames);
    }

    Received within(Limits limits) {
        this.limits = limits;
        return this;
    }

    /** With permessage-deflate as agreed on here. */
    Received compressed(PerMessageDeflate agreed) {
        this.extensions = Deflated.extensions(agreed);
        return this;
    }

    /** Checks that these are the events, each in the words of {@link Wire#words}. */
    void gives(String... events) {
        gives(Role.CLIENT, Wire.concat(unmasked), events);
        var masked =
                unmasked.stream().map(frame -> Wire.masked(frame, Wire.KEY)).toList();
        gives(Role.SERVER, Wire.concat(masked), events);
    }

    /** Checks the events of bytes that are as they are, masked or not. */
    static void gives(Role role, Limits limits, byte[] bytes, String... events) {
        new Received(List.of()).within(limits).gives(role, bytes, events);
    }

    private void gives(Role role, byte[] bytes, String... events) {
        ways(bytes.length).forEach(way -> {
            for (var memory : Memory.values()) {
                for (var inParts : List.of(false, true)) {
                    assertEquals(
                            List.of(events),
                            arrive(inbound(role), bytes, way, memory, inParts),
                            () -> role + ", cut at " + way + ", " + memory + (inParts ? ", in parts" : ""));
                }
            }
        });
    }

    private Inbound inbound(Role role) {
        return new Inbound(role, limits, extensions, DeflateOptions.defaults());
    }

    /** Each way is the list of positions at which the bytes are cut. */
    private static Stream<List<Integer>> ways(int length) {
        var near = 20;
        var cuts = IntStream.range(1, length)
                .filter(i -> length < LONG || i < near || i > length - near || i % (length / near) == 0)
                .mapToObj(List::of);
        var everywhere = IntStream.range(1, length).boxed().toList();
        return Stream.concat(Stream.of(List.of(), everywhere), cuts);
    }

    private static List<String> arrive(
            Inbound inbound, byte[] bytes, List<Integer> cuts, Memory memory, boolean inParts) {
        var events = new Words();
        var from = 0;
        for (var i = 0; i <= cuts.size(); i++) {
            var to = i < cuts.size() ? cuts.get(i) : bytes.length;
            var piece = memory.copy(bytes, from, to);
            if (memory == Memory.ROOM && piece.hasRemaining()) {
                putIntoRoom(inbound, piece);
            }
            while (events.take(inParts ? inbound.nextPart(piece) : inbound.next(piece))) {}
            assertFalse(piece.hasRemaining(), "input is left");
            from = to;
        }
        assertEquals(events.closed(), inbound.isClosed());
        inbound.release();
        return events.all;
    }

    /** Puts there as much as there is room for. */
    private static void putIntoRoom(Inbound inbound, ByteBuffer piece) {
        var arrived = piece.remaining();
        var room = inbound.room(arrived);
        if (room != null) {
            var length = Math.min(room.remaining(), arrived);
            room.put(piece.slice(piece.position(), length));
            piece.position(piece.position() + length);
            inbound.received(length);
        }
    }

    /** The events in words; parts of a message are put together. */
    private static final class Words {
        final List<String> all = new ArrayList<>();
        private final StringBuilder parts = new StringBuilder();

        /** Whether there was an event. */
        boolean take(@Nullable Event event) {
            switch (event) {
                case null -> {
                    return false;
                }
                case Event.TextPart part -> take("text ", part.text(), part.last());
                case Event.BinaryPart part -> take("binary ", Wire.hex(part.data()), part.last());
                default -> all.add(Wire.words(event));
            }
            return true;
        }

        private void take(String kind, String part, boolean last) {
            parts.append(part);
            if (last) {
                all.add(kind + parts);
                parts.setLength(0);
            } else {
                assertFalse(part.isEmpty(), "an empty part in the middle");
            }
        }

        boolean closed() {
            var last = all.isEmpty() ? "" : all.getLast();
            return last.startsWith("closed") || last.startsWith("failed");
        }
    }

    /** Where the input lies. What it lies in is fresh each time, since it is overwritten. */
    private enum Memory {
        HEAP,
        ROOM,
        SLICE,
        DIRECT,
        LITTLE_ENDIAN;

        ByteBuffer copy(byte[] bytes, int from, int to) {
            var length = to - from;
            return switch (this) {
                case HEAP, ROOM -> ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, to));
                case SLICE ->
                    ByteBuffer.allocate(length + 9)
                            .slice(3, length + 5)
                            .position(2)
                            .put(bytes, from, length)
                            .flip()
                            .position(2);
                case DIRECT ->
                    ByteBuffer.allocateDirect(length).put(bytes, from, length).flip();
                case LITTLE_ENDIAN ->
                    ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, to)).order(ByteOrder.LITTLE_ENDIAN);
            };
        }
    }
}
