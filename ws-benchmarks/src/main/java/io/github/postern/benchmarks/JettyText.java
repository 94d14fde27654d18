package io.github.postern.benchmarks;

import java.util.Objects;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.messages.StringMessageSink;
import org.jspecify.annotations.Nullable;

/** Jetty's own way from the payload of a text frame to a String, and no limit on its length. */
final class JettyText {
    private final StringMessageSink sink;
    private @Nullable Object received;

    JettyText() {
        var session = new CoreSession.Empty();
        session.setMaxTextMessageSize(0);
        sink = new StringMessageSink(session, this::receive, true);
    }

    private @Nullable Object receive(Object... arguments) {
        received = arguments[0];
        return null;
    }

    Object of(Frame frame, Callback callback) {
        sink.accept(frame, callback);
        return Objects.requireNonNull(received);
    }
}
