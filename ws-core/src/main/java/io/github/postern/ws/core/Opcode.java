package io.github.postern.ws.core;

/** The opcodes of RFC 6455 §5.2, as the numbers on the wire. 0x3 to 0x7 and 0xB to 0xF are reserved. */
final class Opcode {
    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    /** One bit for each opcode that the RFC defines. */
    private static final int DEFINED = 1 << CONTINUATION | 1 << TEXT | 1 << BINARY | 1 << CLOSE | 1 << PING | 1 << PONG;

    private static final int CONTROL_BIT = 0x8;

    private Opcode() {}

    static boolean isDefined(int opcode) {
        return (DEFINED >>> opcode & 1) != 0;
    }

    static boolean isControl(int opcode) {
        return (opcode & CONTROL_BIT) != 0;
    }
}
