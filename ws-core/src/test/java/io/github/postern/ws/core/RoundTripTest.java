package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever an {@link Outbound} writes, wherever it has to stop, an {@link Inbound} of the other role reads back,
 * wherever it is cut.
 */
class RoundTripTest {
    private static final int COMMANDS = 40;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_a_client_sends_a_server_receives(long seed) {
        sendAndReceive(Role.CLIENT, Role.SERVER, new Random(seed));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_a_server_sends_a_client_receives(long seed) {
        sendAndReceive(Role.SERVER, Role.CLIENT, new Random(seed));
    }

    private static void sendAndReceive(Role from, Role to, Random random) {
        var sender = new Sender(new Outbound(from, random::nextInt), random);
        for (var i = 0; i < COMMANDS; i++) {
            sender.sendSomething();
        }
        sender.close();
        assertEquals(sender.expected, received(new Inbound(to, Limits.defaults()), sender.wire.toByteArray(), random));
    }

    private static List<String> received(Inbound inbound, byte[] wire, Random random) {
        var events = new ArrayList<String>();
        var longestPiece = 1 + random.nextInt(random.nextBoolean() ? 20 : 5000);
        for (var from = 0; from < wire.length; ) {
            var to = Math.min(wire.length, from + 1 + random.nextInt(longestPiece));
            var piece = random.nextBoolean() ? ByteBuffer.allocate(to - from) : ByteBuffer.allocateDirect(to - from);
            piece.put(wire, from, to - from).flip();
            for (var event = inbound.next(piece); event != null; event = inbound.next(piece)) {
                events.add(Wire.words(event));
            }
            assertFalse(piece.hasRemaining());
            from = to;
        }
        return events;
    }

    /** Sends at random, and notes which events it should cause. */
    private static final class Sender {
        final List<String> expected = new ArrayList<>();
        final ByteArrayOutputStream wire = new ByteArrayOutputStream();

        private final Outbound outbound;
        private final Random random;

        Sender(Outbound outbound, Random random) {
            this.outbound = outbound;
            this.random = random;
        }

        void sendSomething() {
            switch (random.nextInt(5)) {
                case 0 -> text();
                case 1 -> binary();
                case 2 -> textInParts();
                case 3 -> binaryInParts();
                default -> control();
            }
        }

        private void text() {
            var text = Texts.random(random, size() / 10);
            outbound.text(text);
            encode();
            expected.add("text " + text);
        }

        private void binary() {
            var bytes = randomBytes(size());
            outbound.binary(ByteBuffer.wrap(bytes));
            encode();
            expected.add("binary " + hex(bytes));
        }

        private void textInParts() {
            var text = Texts.random(random, size() / 10);
            for (var from = 0; from <= text.length(); ) {
                var to = Math.min(text.length(), from + random.nextInt(text.length() + 1));
                var last = to == text.length();
                outbound.textPart(text.substring(from, to), last);
                encode();
                if (last) {
                    break;
                }
                maybeControl();
                from = to;
            }
            expected.add("text " + text);
        }

        private void binaryInParts() {
            var bytes = randomBytes(size());
            var parts = 1 + random.nextInt(5);
            for (var i = 0; i < parts; i++) {
                var from = i * bytes.length / parts;
                var to = (i + 1) * bytes.length / parts;
                outbound.binaryPart(ByteBuffer.wrap(bytes, from, to - from), i == parts - 1);
                encode();
                if (i < parts - 1) {
                    maybeControl();
                }
            }
            expected.add("binary " + hex(bytes));
        }

        private void maybeControl() {
            if (random.nextBoolean()) {
                control();
            }
        }

        private void control() {
            var payload = randomBytes(random.nextInt(126));
            if (random.nextBoolean()) {
                outbound.ping(ByteBuffer.wrap(payload));
                expected.add("ping " + hex(payload));
            } else {
                outbound.pong(ByteBuffer.wrap(payload));
                expected.add("pong " + hex(payload));
            }
            encode();
        }

        void close() {
            outbound.close(CloseStatus.of(4000, "done"));
            encode();
            expected.add("closed 4000 done");
        }

        private void encode() {
            var room = 1 + random.nextInt(random.nextBoolean() ? 30 : 10_000);
            var target = random.nextBoolean() ? ByteBuffer.allocate(room) : ByteBuffer.allocateDirect(room);
            for (var complete = false; !complete; ) {
                complete = outbound.encode(target.clear());
                var written = new byte[target.flip().remaining()];
                target.get(written);
                wire.writeBytes(written);
            }
        }

        private byte[] randomBytes(int size) {
            var bytes = new byte[size];
            random.nextBytes(bytes);
            return bytes;
        }

        /** Often around a change of the form of the length. */
        private int size() {
            return switch (random.nextInt(10)) {
                case 0 -> 0;
                case 1 -> 65533 + random.nextInt(6);
                case 2, 3 -> 122 + random.nextInt(8);
                case 4 -> random.nextInt(100_000);
                default -> random.nextInt(1000);
            };
        }
    }
}
