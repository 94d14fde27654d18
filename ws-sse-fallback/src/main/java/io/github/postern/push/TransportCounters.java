package io.github.postern.push;

import java.util.concurrent.atomic.LongAdder;

/** Counts what one transport of an endpoint carries. For any thread. */
final class TransportCounters {
    private final LongAdder attachments = new LongAdder();
    private final LongAdder messagesSent = new LongAdder();
    private final LongAdder messagesReceived = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder replayed = new LongAdder();
    private final LongAdder acknowledgements = new LongAdder();

    void attached() {
        attachments.increment();
    }

    void sent(int messages, long bytes, int again) {
        messagesSent.add(messages);
        bytesSent.add(bytes);
        replayed.add(again);
    }

    void received(long messages, long bytes) {
        messagesReceived.add(messages);
        bytesReceived.add(bytes);
    }

    void acknowledged() {
        acknowledgements.increment();
    }

    PushMetrics.Carried snapshot() {
        return new PushMetrics.Carried(
                attachments.sum(),
                messagesSent.sum(),
                messagesReceived.sum(),
                bytesSent.sum(),
                bytesReceived.sum(),
                replayed.sum(),
                acknowledgements.sum());
    }
}
