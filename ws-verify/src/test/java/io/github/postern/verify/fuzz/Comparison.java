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
        var frames = FrameOnWire.all(wire);
        return frames.stream()
                .filter(frame -> isOver(Arrays.copyOf(wire, frame.end()), role))
                .findFirst()
                .orElseGet(frames::getLast);
    }

    private static boolean isOver(byte[] beginning, Role role) {
        return !Verdict.of(beginning, role, LARGEST).isOpen()
                || !NettyDecoder.verdict(beginning, role, LARGEST).isOpen();
    }
}
