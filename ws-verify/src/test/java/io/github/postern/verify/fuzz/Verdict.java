package io.github.postern.verify.fuzz;

import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a decoder makes of a stream.
 *
 * @param events what it received before the end, in words
 * @param end {@link #OPEN} if the stream ended first, or the Close frame in words, or {@code failed} and the close code
 */
record Verdict(List<String> events, String end) {
    static final String OPEN = "open";

    Verdict {
        events = List.copyOf(events);
    }

    static String failed(int code) {
        return "failed " + code;
    }

    boolean isOpen() {
        return end.equals(OPEN);
    }

    boolean isClosed() {
        return end.startsWith("closed");
    }

    /** Ours. */
    static Verdict of(byte[] wire, Role role, int largest) {
        var inbound = new Inbound(role, new Limits(largest, largest, Integer.MAX_VALUE, 200));
        var input = ByteBuffer.wrap(wire.clone());
        var events = new ArrayList<String>();
        var end = OPEN;
        for (var event = inbound.next(input); event != null; event = inbound.next(input)) {
            switch (event) {
                case Event.Failed failed -> end = failed(failed.status().code());
                case Event.Closed closed -> end = Words.closed(closed.status());
                default -> events.add(Words.of(event));
            }
        }
        return new Verdict(events, end);
    }
}
