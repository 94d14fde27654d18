package io.github.postern.verify.fuzz;

import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import java.nio.ByteBuffer;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The two ways to ask for the next event, and both in turn. */
enum Reading {
    WHOLE {
        @Override
        @Nullable
        Event next(Inbound inbound, ByteBuffer input, boolean inParts, Random random) {
            return inbound.next(input);
        }
    },
    PARTS {
        @Override
        @Nullable
        Event next(Inbound inbound, ByteBuffer input, boolean inParts, Random random) {
            return inbound.nextPart(input);
        }
    },

    /** A message that has been given out in part has to be received so to its end. */
    MIXED {
        @Override
        @Nullable
        Event next(Inbound inbound, ByteBuffer input, boolean inParts, Random random) {
            return inParts || random.nextInt(4) == 0 ? inbound.nextPart(input) : inbound.next(input);
        }
    };

    /**
     * The next event.
     *
     * @param inParts whether the last part of a message is still to come
     */
    abstract @Nullable Event next(Inbound inbound, ByteBuffer input, boolean inParts, Random random);
}
