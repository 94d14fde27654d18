package io.github.postern.benchmarks.fanout;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A client that has subscribed, of the thread that counts what comes. */
final class Subscriber {
    private final Subscription subscription;
    private final SocketChannel channel;
    private long received;
    private long acknowledged;

    private Subscriber(Subscription subscription, SocketChannel channel) {
        this.subscription = subscription;
        this.channel = channel;
    }

    static Subscriber open(Subscription subscription, int port, Selector selector) throws IOException {
        var wire = Wire.connect(port);
        try {
            subscription.open(wire, port);
        } catch (IOException e) {
            wire.close();
            throw e;
        }
        var subscriber = new Subscriber(subscription, wire.channel());
        subscriber.channel.register(selector, SelectionKey.OP_READ, subscriber);
        return subscriber;
    }

    /** Reads once, and returns how many messages have ended. */
    int read(ByteBuffer buffer) throws IOException {
        if (channel.read(buffer.clear()) < 0) {
            throw new EOFException("the server ends a subscription");
        }
        buffer.flip();
        int messages = 0;
        while (buffer.hasRemaining()) {
            if (buffer.get() == News.LAST) {
                messages++;
            }
        }
        received += messages;
        if (received - acknowledged >= Subscription.ACKNOWLEDGED_TOGETHER) {
            acknowledged = received;
            channel.write(ByteBuffer.wrap(subscription.acknowledgement(received)));
        }
        return messages;
    }

    long received() {
        return received;
    }

    void close() throws IOException {
        channel.close();
    }
}
