package io.github.postern.push;

import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.PreparedMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message for many sessions. Each form in which a transport carries it is made once, when the first asks for it: the frame, and the record of event
 * streams without its id, the only thing in which sessions differ. For any thread; that two of them make the same form at once does no harm.
 */
final class SharedMessage implements Outgoing {
    private final PreparedMessage prepared;
    private final @Nullable Object key;
    private volatile @Nullable PreparedMessage frame;
    private volatile byte @Nullable [] streamRecord;
    private volatile byte @Nullable [] bareRecord;

    /**
     * A message that waits for its sessions to take it.
     *
     * @param key what it is the value of, or {@code null}
     */
    SharedMessage(PreparedMessage prepared, @Nullable Object key) {
        this.prepared = prepared;
        this.key = key;
    }

    @Override
    public Message message() {
        var payload = prepared.payload();
        return prepared.isText()
                ? new Message.Text(StandardCharsets.UTF_8.decode(payload).toString())
                : new Message.Binary(payload);
    }

    @Override
    public int bytes() {
        return prepared.size();
    }

    @Override
    public @Nullable Object key() {
        return key;
    }

    /** What a WebSocket carries: for a bare client the message as it is, otherwise with a type byte before what is binary (PROTOCOL.md §8). */
    PreparedMessage frame(boolean bare) {
        if (bare || prepared.isText()) {
            return prepared;
        }
        var made = frame;
        if (made == null) {
            made = PreparedMessage.binary(ControlFrame.binary(prepared.payload()));
            frame = made;
        }
        return made;
    }

    /** The record of an event stream behind the line with its id. Not to be modified. */
    byte[] streamRecord(boolean bare) {
        var made = bare ? bareRecord : streamRecord;
        if (made == null) {
            made = encode(bare);
            if (bare) {
                bareRecord = made;
            } else {
                streamRecord = made;
            }
        }
        return made;
    }

    private byte[] encode(boolean bare) {
        var encoder = bare ? EventStreamEncoder.bare("") : new EventStreamEncoder();
        encoder.payload(prepared.isText(), bytesOf(prepared.payload()));
        return bytesOf(encoder.contents());
    }

    private static byte[] bytesOf(ByteBuffer payload) {
        var bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return prepared.toString();
    }
}
