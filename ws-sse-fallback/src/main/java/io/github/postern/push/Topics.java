package io.github.postern.push;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The topics of a server, by name. For any thread. */
final class Topics {
    private final Map<String, Topic> topics = new ConcurrentHashMap<>();

    /** The topic of that name, made now if there is none. */
    Topic topic(String name) {
        return topics.computeIfAbsent(name, Topic::of);
    }

    /** As {@link #topic(String)}, with these options. */
    Topic topic(String name, TopicOptions options) {
        var topic = topics.computeIfAbsent(name, n -> Topic.of(n, options));
        if (!topic.options().equals(options)) {
            throw new IllegalStateException("topic " + name + " has other options: " + topic.options());
        }
        return topic;
    }
}
