package io.github.postern.ws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** RFC 6455 §5.2 and §11.8. */
class OpcodeTest {
    @Test
    void defined_are_six() {
        var defined = Set.of(Opcode.CONTINUATION, Opcode.TEXT, Opcode.BINARY, Opcode.CLOSE, Opcode.PING, Opcode.PONG);
        for (var opcode = 0; opcode < 16; opcode++) {
            assertEquals(defined.contains(opcode), Opcode.isDefined(opcode), "opcode " + opcode);
        }
    }

    @Test
    void control_opcodes_have_the_highest_bit() {
        for (var opcode = 0; opcode < 16; opcode++) {
            assertEquals(opcode >= 8, Opcode.isControl(opcode), "opcode " + opcode);
        }
    }
}
