import org.jspecify.annotations.NullMarked;

/**
 * RFC 6455 as pure functions and state machines: bytes in, events out; commands in, bytes out. No I/O, no threads, no
 * clocks, no locks.
 */
@NullMarked
module io.github.postern.ws.core {
    requires static org.jspecify;

    exports io.github.postern.ws.core;
    exports io.github.postern.ws.core.handshake;
}
