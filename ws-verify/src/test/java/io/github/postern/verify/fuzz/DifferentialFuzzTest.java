package io.github.postern.verify.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.postern.ws.core.Role;

/** Whatever a peer sends, our decoder and Netty's receive the same, but for what {@link Difference} lists. */
class DifferentialFuzzTest {
    /** Input: role, then what the peer sends. */
    @FuzzTest
    void two_decoders_receive_the_same(byte[] input) {
        var choices = new Choices(input);
        var role = choices.of(Role.values());
        Comparison.compare(choices.rest(), role);
    }
}
