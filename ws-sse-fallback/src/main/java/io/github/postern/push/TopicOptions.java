package io.github.postern.push;

import io.github.postern.ws.connection.SlowConsumer;
import java.time.Duration;

/**
 * What a {@link Topic} keeps and does.
 *
 * @param historyMessages how many of the last messages are kept for sessions that subscribe later; 0, which is the default, to 100,000
 * @param historyAge how long they are kept at most; 365 days by default, which is also the most; positive
 * @param slowConsumer what happens to a message for a session that has no room for it, unless the publisher says otherwise; by default {@link
 *     SlowConsumer#CLOSE}, so that nothing is lost without a word
 * @param waitingListenerCalls calls that wait for {@link TopicListener}s that do not keep up; 10,000 by default; 1 to 2<sup>30</sup>. Further ones are left
 *     out, which is logged.
 */
public record TopicOptions(
        int historyMessages, Duration historyAge, SlowConsumer slowConsumer, int waitingListenerCalls) {
    private static final int MOST_CALLS = 1 << 30;
    private static final int LARGEST_HISTORY = 100_000;
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final TopicOptions DEFAULTS = new TopicOptions(0, LONGEST, SlowConsumer.CLOSE, 10_000);

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public TopicOptions {
        if (historyMessages < 0 || historyMessages > LARGEST_HISTORY) {
            throw new IllegalArgumentException("historyMessages out of range: " + historyMessages);
        }
        if (historyAge.isNegative() || historyAge.isZero() || historyAge.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("historyAge out of range: " + historyAge);
        }
        if (waitingListenerCalls < 1 || waitingListenerCalls > MOST_CALLS) {
            throw new IllegalArgumentException("waitingListenerCalls out of range: " + waitingListenerCalls);
        }
    }

    /** {@return the documented defaults} */
    public static TopicOptions defaults() {
        return DEFAULTS;
    }

    /**
     * {@return these options with another {@link #historyMessages}}
     *
     * @param value the new value, of the unit and range of {@link #historyMessages}
     * @throws IllegalArgumentException if it is out of range
     */
    public TopicOptions withHistoryMessages(int value) {
        return new TopicOptions(value, historyAge, slowConsumer, waitingListenerCalls);
    }

    /**
     * {@return these options with another {@link #historyAge}}
     *
     * @param value the new value, of the unit and range of {@link #historyAge}
     * @throws IllegalArgumentException if it is out of range
     */
    public TopicOptions withHistoryAge(Duration value) {
        return new TopicOptions(historyMessages, value, slowConsumer, waitingListenerCalls);
    }

    /**
     * {@return these options with another {@link #slowConsumer}}
     *
     * @param value the new one
     */
    public TopicOptions withSlowConsumer(SlowConsumer value) {
        return new TopicOptions(historyMessages, historyAge, value, waitingListenerCalls);
    }

    /**
     * {@return these options with another {@link #waitingListenerCalls}}
     *
     * @param value the new value, of the unit and range of {@link #waitingListenerCalls}
     * @throws IllegalArgumentException if it is out of range
     */
    public TopicOptions withWaitingListenerCalls(int value) {
        return new TopicOptions(historyMessages, historyAge, slowConsumer, value);
    }
}
