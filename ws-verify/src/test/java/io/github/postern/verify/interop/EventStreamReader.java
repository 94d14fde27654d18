package io.github.postern.verify.interop;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code text/event-stream} line by line as the WHATWG page says; written for tests, from the standard alone. */
final class EventStreamReader {
    private final List<String> messages = new ArrayList<>();
    private final List<String> data = new ArrayList<>();
    private String lastId = "";
    private String event = "";

    /** Takes a line without its end. */
    void line(String line) {
        if (line.isEmpty()) {
            if (!data.isEmpty() && event.isEmpty()) {
                messages.add(String.join("\n", data));
            }
            data.clear();
            event = "";
            return;
        }
        int colon = line.indexOf(':');
        var name = colon < 0 ? line : line.substring(0, colon);
        var value = colon < 0 ? "" : line.substring(colon + 1);
        value = value.startsWith(" ") ? value.substring(1) : value;
        switch (name) {
            case "data" -> data.add(value);
            case "event" -> event = value;
            case "id" -> lastId = value;
            default -> {
                // a comment
            }
        }
    }

    /** The texts so far. */
    List<String> messages() {
        return messages;
    }

    @Nullable
    String last() {
        return messages.isEmpty() ? null : messages.getLast();
    }

    /** What to return as {@code Last-Event-ID}. */
    String lastId() {
        return lastId;
    }
}
