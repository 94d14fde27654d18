package io.github.postern.verify.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.postern.ws.core.DeflateOptions;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Receives a stream in some way, and puts messages together again that came in parts. */
final class Reception {
    private final Inbound inbound;
    private final Reading reading;
    private final CountingPool pool = new CountingPool();
    private final List<String> events = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    private final Random random = new Random(0);
    private boolean inParts;
    private boolean ended;

    Reception(Role role, Limits limits, Compression compression, Reading reading) {
        var options = DeflateOptions.defaults().withPool(pool);
        this.inbound = new Inbound(role, limits, compression.extensions(), options);
        this.reading = reading;
    }

    /** What is looked at while a stream is received. */
    interface Watch {
        /** Looks at nothing. */
        Watch NONE = new Watch() {
            @Override
            public void event(Event event) {}

            @Override
            public void piece(Inbound inbound, long received) {}
        };

        void event(Event event);

        /**
         * After each piece.
         *
         * @param received how many bytes have been received so far
         */
        void piece(Inbound inbound, long received);
    }

    /** The events in words. */
    List<String> of(byte[] wire, Delivery delivery, Watch watch) {
        var received = 0L;
        for (var piece : delivery.pieces(wire)) {
            received += piece.remaining();
            for (var event = next(piece); event != null; event = next(piece)) {
                assertFalse(ended, "an event after the last");
                watch.event(event);
                take(event);
                assertEquals(ended, inbound.isClosed());
            }
            assertFalse(piece.hasRemaining(), "input is left");
            watch.piece(inbound, received);
        }
        end();
        return events;
    }

    private @Nullable Event next(ByteBuffer piece) {
        return reading.next(inbound, piece, inParts, random);
    }

    private void take(Event event) {
        switch (event) {
            case Event.TextPart part -> {
                text.append(part.text());
                part(part.last());
                if (part.last()) {
                    events.add(Words.text(text.toString()));
                    text.setLength(0);
                }
            }
            case Event.BinaryPart part -> {
                var bytes = new byte[part.data().remaining()];
                part.data().get(bytes);
                binary.writeBytes(bytes);
                part(part.last());
                if (part.last()) {
                    events.add(Words.binary(ByteBuffer.wrap(binary.toByteArray())));
                    binary.reset();
                }
            }
            default -> {
                ended = event instanceof Event.Closed || event instanceof Event.Failed;
                events.add(Words.of(event));
            }
        }
    }

    /** A part that is not the last is not of a whole message any more, which {@link Inbound#next} would promise. */
    private void part(boolean last) {
        if (!inParts && !last) {
            assertThrows(IllegalStateException.class, () -> inbound.next(ByteBuffer.allocate(0)));
        }
        inParts = !last;
    }

    private void end() {
        assertEquals(ended, inbound.isClosed());
        assertFalse(ended && inbound.inMessage());
        assertFalse(ended && pool.lent() > 0, "a decompressor is kept after the end");
        inbound.release();
        assertEquals(0, pool.lent(), "a decompressor was not given back");
        inbound.release();
        assertEquals(0, pool.lent(), "a decompressor was given back twice");
    }
}
