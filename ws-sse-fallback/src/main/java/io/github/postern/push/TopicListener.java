package io.github.postern.push;

/**
 * Hears who subscribes to a {@link Topic}. Calls come one at a time, in the order of what happened, on a virtual thread of the topic; they hold up nobody but
 * later calls, which wait in memory without a limit: a listener must not block for long. What it throws is logged.
 */
public interface TopicListener {
    /** A session has subscribed. */
    default void joined(Topic topic, PushSession session) {}

    /** A session has unsubscribed, or ended. */
    default void left(Topic topic, PushSession session) {}
}
