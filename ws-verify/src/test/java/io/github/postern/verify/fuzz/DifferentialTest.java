package io.github.postern.verify.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.Role;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random streams of frames, some of them spoiled: our decoder and Netty's receive the same, but for {@link Difference}. */
class DifferentialTest {
    private static final int STREAMS = 100;
    private static final int SEEDS = 20;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_server_receives_what_netty_receives(long seed) {
        compare(Role.SERVER, seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_client_receives_what_netty_receives(long seed) {
        compare(Role.CLIENT, seed);
    }

    private static void compare(Role role, long seed) {
        var random = new Random(seed);
        for (var i = 0; i < STREAMS; i++) {
            Comparison.compare(Frames.stream(role, random), role);
        }
    }

    /** Otherwise the comparison would be one of nothing, and the list of differences longer than it has to be. */
    @Test
    void the_streams_have_all_ends_and_all_differences() {
        var ends = new TreeMap<String, Integer>();
        var differences = new EnumMap<Difference, Integer>(Difference.class);
        var random = new Random(0);
        for (var i = 0; i < SEEDS * STREAMS; i++) {
            var wire = Frames.stream(Role.CLIENT, random);
            var verdict = Verdict.of(wire, Role.CLIENT, Comparison.LARGEST);
            ends.merge(verdict.isClosed() ? "closed" : verdict.end(), 1, Integer::sum);
            Comparison.compare(wire, Role.CLIENT)
                    .ifPresent(difference -> differences.merge(difference, 1, Integer::sum));
        }
        assertEquals(EnumSet.allOf(Difference.class), differences.keySet(), differences::toString);
        for (var end : List.of(Verdict.OPEN, "closed", "failed 1002", "failed 1007", "failed 1009")) {
            assertTrue(ends.getOrDefault(end, 0) > STREAMS / 2, () -> end + ": " + ends);
        }
    }
}
