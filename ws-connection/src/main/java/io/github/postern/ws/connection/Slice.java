package io.github.postern.ws.connection;

/**
 * How much a thread moves before it lets others run. Virtual threads are not preempted: one whose socket always has room, or always
 * has bytes, would keep its carrier, and with it other connections and new ones, for as long as that goes on.
 */
final class Slice {
    private static final int BITS = 17;

    private Slice() {}

    /** Whether one ends with those bytes, of all that were moved before and since: 128 KiB, some milliseconds. */
    static boolean ends(long before, int bytes) {
        return before >>> BITS != before + bytes >>> BITS;
    }

    /** Lets others run. */
    @SuppressWarnings("ThreadPriorityCheck") // nothing but the scheduler can let them
    static void end() {
        Thread.yield();
    }
}
