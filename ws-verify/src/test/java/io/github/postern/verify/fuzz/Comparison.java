package io.github.postern.verify.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.postern.ws.core.Role;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The same stream for our decoder and for Netty's. */
final class Comparison {
    /** The longest frame and message. Netty knows only one limit for frames, which has to let control frames pass. */
    static final int LARGEST = 1000;

    private Comparison() {}

    /**
     * Fails unless both receive the same, or differ in a way that is known.
     *
     * @return the difference, if there is one
     */
    static Optional<Difference> compare(byte[] wire, Role role) {
        var ours = Verdict.of(wire, role, LARGEST);
        var theirs = NettyDecoder.verdict(wire, role, LARGEST);
        if (ours.equals(theirs)) {
            return Optional.empty();
        }
        assertEquals(
                theirs.events(),
                ours.events(),
                () -> "events of " + HexFormat.of().formatHex(wire));
        var last = last(wire, role);
        var difference = Arrays.stream(Difference.values())
                .filter(candidate -> candidate.explains(ours, theirs, last))
                .findFirst();
        if (difference.isEmpty()) {
            fail("%s: %s for us, %s for netty: %s"
                    .formatted(role, ours.end(), theirs.end(), HexFormat.of().formatHex(wire)));
        }
        return difference;
    }

    /** The first frame at which either gives up, found by giving them one frame after the other. */
    private static FrameOnWire last(byte[] wire, Role role) {
        var start = 0;
        for (var end = 0; start < wire.length; start = end) {
            end = FrameOnWire.next(wire, start);
            var beginning = Arrays.copyOf(wire, end);
            if (end == wire.length
                    || isOver(Verdict.of(beginning, role, LARGEST))
                    || isOver(NettyDecoder.verdict(beginning, role, LARGEST))) {
                return FrameOnWire.at(beginning, start);
            }
        }
        throw new IllegalStateException("no frame at all");
    }

    private static boolean isOver(Verdict verdict) {
        return !verdict.end().equals(Verdict.OPEN);
    }
}
