package io.github.postern.ws.connection;

import java.io.IOException;
import java.io.StringWriter;

/** A text message that is sent as a whole when it is closed. */
final class WholeText extends StringWriter {
    private final Connection connection;
    private boolean closed;

    WholeText(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            connection.send(toString());
        }
    }
}
