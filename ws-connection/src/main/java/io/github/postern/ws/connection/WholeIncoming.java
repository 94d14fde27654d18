package io.github.postern.ws.connection;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A message that has arrived as a whole. */
final class WholeIncoming implements IncomingMessage {
    private final Message message;
    private final StringReader reader;
    private final Bytes inputStream;

    WholeIncoming(Message message) {
        this.message = message;
        this.reader = new StringReader(message instanceof Message.Text text ? text.text() : "");
        this.inputStream = new Bytes(message instanceof Message.Binary binary ? bytes(binary) : new byte[0]);
    }

    /** Bytes that cannot be read any more when they are closed, as those that arrive cannot. */
    private static final class Bytes extends FilterInputStream {
        private boolean closed;

        Bytes(byte[] bytes) {
            super(new ByteArrayInputStream(bytes));
        }

        private void requireOpen() throws IOException {
            if (closed) {
                throw new IOException("the message is closed");
            }
        }

        @Override
        public int read() throws IOException {
            requireOpen();
            return super.read();
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            requireOpen();
            return super.read(target, from, length);
        }

        @Override
        public int available() throws IOException {
            return closed ? 0 : super.available();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static byte[] bytes(Message.Binary message) {
        var bytes = new byte[message.data().remaining()];
        ByteBuffer data = message.data().duplicate();
        data.get(bytes);
        return bytes;
    }

    @Override
    public boolean isText() {
        return message instanceof Message.Text;
    }

    @Override
    public Reader reader() {
        if (!isText()) {
            throw new IllegalStateException("a binary message has no reader");
        }
        return reader;
    }

    @Override
    public InputStream inputStream() {
        if (isText()) {
            throw new IllegalStateException("a text message has no input stream");
        }
        return inputStream;
    }

    @Override
    public void readTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("readTimeout not positive: " + timeout);
        }
    }

    @Override
    public void close() {
        inputStream.close();
        reader.close();
    }
}
