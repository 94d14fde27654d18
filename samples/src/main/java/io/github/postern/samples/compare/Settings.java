package io.github.postern.samples.compare;

import java.time.Duration;

/**
 * What is sent, and to whom. Who changes it begins a new measurement.
 *
 * @param interval the time between two messages, at least 1 ms
 * @param size bytes to which the data of each message is filled up; 0 leaves it as it is
 * @param clients how many clients of each transport receive them
 * @param pollInterval the time between two polls of the {@code polling} transport
 */
record Settings(Duration interval, int size, int clients, Duration pollInterval) {
    static final int LONGEST_MILLIS = 60_000;
    static final int LARGEST = 50_000;
    static final int MOST_CLIENTS = 1_000;

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException if one is out of range; the message is a sentence for users
     */
    Settings {
        check("the time between two messages", interval.toMillis(), 1, LONGEST_MILLIS, "ms");
        check("the size of a message", size, 0, LARGEST, "bytes");
        check("the number of clients", clients, 1, MOST_CLIENTS, "");
        check("the time between two polls", pollInterval.toMillis(), 1, LONGEST_MILLIS, "ms");
    }

    private static void check(String what, long value, long least, long most, String unit) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    (what + " must be between " + least + " and " + most + " " + unit).strip() + ", not " + value);
        }
    }
}
