package io.github.postern.ws.connection;

import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The messages of a connection up to its end. For one thread. */
final class ReceivingIterator implements Iterator<Message> {
    private final Connection connection;
    private @Nullable Message next;
    private boolean ended;

    ReceivingIterator(Connection connection) {
        this.connection = connection;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            try {
                next = connection.receive();
            } catch (IOException e) {
                ended = true; // the connection keeps the cause in its closeInfo
            } catch (InterruptedException e) {
                ended = true;
                Thread.currentThread().interrupt();
            }
        }
        return next != null;
    }

    @Override
    public Message next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the connection has ended: " + connection.closeInfo());
        }
        var message = next;
        next = null;
        return Objects.requireNonNull(message);
    }
}
