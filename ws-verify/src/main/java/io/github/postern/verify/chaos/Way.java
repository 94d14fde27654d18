package io.github.postern.verify.chaos;

import io.github.postern.push.PushTransport;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What carries a session of a run. */
enum Way {
    WEBSOCKET(PushTransport.WEBSOCKET),
    SSE(PushTransport.SSE),
    LONG_POLLING(PushTransport.LONG_POLLING),
    POLLING(PushTransport.POLLING),

    /** Whatever the network leaves: it takes the WebSocket away after a third of the time, and the stream after two. */
    DOWNHILL(null),

    /** Any transport, since the session is moved up and down all the time. */
    MOVING(null);

    /** Every way, and every other session is one that moves. */
    static final List<Way> EVERY = Arrays.stream(values())
            .filter(way -> way != MOVING)
            .flatMap(way -> Stream.of(way, MOVING))
            .toList();

    private final @Nullable PushTransport transport;

    Way(@Nullable PushTransport transport) {
        this.transport = transport;
    }

    /** The one transport, or {@code null} if the client may choose. */
    @Nullable
    PushTransport transport() {
        return transport;
    }
}
