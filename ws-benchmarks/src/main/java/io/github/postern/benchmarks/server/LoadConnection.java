package io.github.postern.benchmarks.server;

import io.github.postern.benchmarks.Frames;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection under load, of the thread that loads. */
final class LoadConnection {
    /** An empty Pong, masked: nobody looks at what it answers. */
    private static final byte[] PONG = {(byte) 0x8A, (byte) 0x80, 0, 0, 0, 0};

    private static final byte[] CLOSE = Frames.masked(0x88, new byte[] {0x03, (byte) 0xE8});

    private final Client client;
    private final SentFrames frames;
    private final ReplyParser parser;
    private final Selector selector;

    private SocketChannel channel;
    private SelectionKey key;
    private boolean pongDue;
    private int pongs;

    /** What is still to be sent, and where in a frame it begins. */
    private long owed;

    private int offset;
    private long sentAt;
    private long received;

    /** How many replies are still to come. */
    private long expected;

    private boolean closing;

    @SuppressWarnings("NullAway.Init") // by register()
    LoadConnection(Client client, SentFrames frames, ReplyParser parser, Selector selector) {
        this.client = client;
        this.frames = frames;
        this.parser = parser;
        this.selector = selector;
    }

    /** From now on the selector tells when it can be read. */
    void register() throws IOException {
        channel = client.channel();
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(int messages) throws IOException {
        owed += (long) messages * frames.frameLength();
        expected += messages;
        sentAt = System.nanoTime();
        flush();
    }

    void flush() throws IOException {
        if (pongDue && offset == 0) {
            pongDue = false;
            pongs++;
            channel.write(ByteBuffer.wrap(PONG));
        }
        while (owed > 0) {
            int written = channel.write(frames.from(offset, owed));
            if (written == 0) {
                break;
            }
            owed -= written;
            offset = (offset + written) % frames.frameLength();
        }
        int interest = owed > 0 ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    /** Reads once, and returns how many messages have ended. */
    int read(ByteBuffer buffer) throws IOException {
        if (closing) {
            readToEnd(buffer);
            return 0;
        }
        int count = channel.read(buffer.clear());
        if (count < 0) {
            throw new EOFException("the server ends the connection");
        }
        int messages = parser.messages(buffer.flip());
        received += messages;
        expected -= messages;
        if (parser.takePing()) {
            pongDue = true;
            flush();
        }
        return messages;
    }

    private void readToEnd(ByteBuffer buffer) throws IOException {
        try {
            if (channel.read(buffer.clear()) >= 0) {
                return;
            }
        } catch (IOException e) {
            // reset, which is an end, too
        }
        channel.close();
    }

    /** When the last message left. */
    long sentAt() {
        return sentAt;
    }

    /** How many messages have come since the last {@link #forget}. */
    long received() {
        return received;
    }

    void forget() {
        received = 0;
    }

    /** How many Pings it has answered, where one Pong answers those that came together. */
    int pongs() {
        return pongs;
    }

    /** Whether all replies have come. */
    boolean isQuiet() {
        return expected <= 0;
    }

    /** Sends a Close frame; the server's and its end of the socket are awaited by {@link #read}. */
    void beginClose() throws IOException {
        closing = true;
        channel.write(ByteBuffer.wrap(CLOSE));
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    void close() throws IOException {
        client.close();
    }
}
