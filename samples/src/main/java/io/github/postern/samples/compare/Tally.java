package io.github.postern.samples.compare;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts bytes by what they are for. Any number of threads may count. */
final class Tally {
    /** The four parts of a {@link Split}. */
    enum Purpose {
        PAYLOAD,
        FRAMING,
        HEADERS,
        ACKNOWLEDGEMENTS
    }

    private final Map<Purpose, LongAdder> bytes = new EnumMap<>(Purpose.class);

    Tally() {
        for (var purpose : Purpose.values()) {
            bytes.put(purpose, new LongAdder());
        }
    }

    void add(Purpose purpose, long count) {
        of(purpose).add(count);
    }

    /** Corrects an earlier count: only the end of something may tell what its beginning was for. */
    void move(Purpose from, Purpose to, long count) {
        of(from).add(-count);
        of(to).add(count);
    }

    Split split() {
        return new Split(
                of(Purpose.PAYLOAD).sum(),
                of(Purpose.FRAMING).sum(),
                of(Purpose.HEADERS).sum(),
                of(Purpose.ACKNOWLEDGEMENTS).sum());
    }

    @SuppressWarnings("NullAway") // there is an adder for each purpose
    private LongAdder of(Purpose purpose) {
        return bytes.get(purpose);
    }
}
