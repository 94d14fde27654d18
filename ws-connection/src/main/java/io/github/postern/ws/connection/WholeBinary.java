package io.github.postern.ws.connection;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A binary message that is sent as a whole when it is closed. */
final class WholeBinary extends ByteArrayOutputStream {
    private final Connection connection;
    private boolean closed;

    WholeBinary(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            connection.send(ByteBuffer.wrap(buf, 0, count));
        }
    }
}
