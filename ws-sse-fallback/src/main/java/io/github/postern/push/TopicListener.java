package io.github.postern.push;

/**
 * Hears who subscribes to a {@link Topic}. Calls come one at a time, in the order of what happened, on a virtual thread of the topic; they hold up nobody but
 * later calls. While as many calls as {@link TopicOptions#waitingListenerCalls} wait for listeners that do not keep up, further ones are left out, and the log says so. What a listener throws is logged.
 */
public interface TopicListener {
    /**
     * A session has subscribed.
     *
     * @param topic the topic
     * @param session the session
     */
    default void joined(Topic topic, PushSession session) {}

    /**
     * A session has unsubscribed, or ended.
     *
     * @param topic the topic
     * @param session the session
     */
    default void left(Topic topic, PushSession session) {}
}
