package io.github.postern.benchmarks.server;

/** In what is measured, in the order of the tables. */
enum Measure {
    CPU("Server CPU, µs per message", false),
    RATE("Messages per second", true),
    P50("Latency, median, µs", false),
    P99("Latency, p99, µs", false),
    FAIRNESS("Fairness: messages of the connection served least, of the mean", true),
    HEAP("Heap per connection, bytes", false),
    OUTSIDE("Memory outside of the heap per connection, bytes", false);

    private final String title;
    private final boolean moreIsBetter;

    Measure(String title, boolean moreIsBetter) {
        this.title = title;
        this.moreIsBetter = moreIsBetter;
    }

    String title() {
        return title;
    }

    boolean isMoreBetter() {
        return moreIsBetter;
    }
}
