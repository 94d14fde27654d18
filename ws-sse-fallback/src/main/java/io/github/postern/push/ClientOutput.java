package io.github.postern.push;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client says next, on a WebSocket or in a POST: messages, acknowledgements, answers to pings, a renewed token, its close. Pure; guarded by its owner.
 */
final class ClientOutput {
    private static final long WEBSOCKET_ACK_NANOS = 1_000_000_000L;
    private static final long STREAM_ACK_NANOS = 5_000_000_000L;

    /** More pings than these without an answer are not those of a server that wants one. */
    private static final int MAX_PINGS = 16;

    /** What a close record takes of the body of a POST, amply. */
    private static final int CLOSE_RECORD = 512;

    private final Submission submission;
    private final Reception reception;
    private final ClientEpochs epochs;
    private final ClientEnd end;
    private final ArrayDeque<String> pings = new ArrayDeque<>(1);

    /** An acknowledgement that a POST has carried without an answer yet, or {@link Batch#NO_ACK}. */
    private long ackUnderWay = Batch.NO_ACK;

    /** A token that renews the credentials and was not sent yet, or {@code null}. */
    private @Nullable String token;

    /** The last epoch whose attach cannot have carried that token. */
    private long tokenEpoch;

    ClientOutput(Submission submission, Reception reception, ClientEpochs epochs, ClientEnd end) {
        this.submission = submission;
        this.reception = reception;
        this.epochs = epochs;
        this.end = end;
    }

    /** An attachment of that epoch has been answered: what was said over others counts no more. */
    void begin(long epoch) {
        ackUnderWay = Batch.NO_ACK;
        pings.clear();
        if (epoch > tokenEpoch) {
            token = null;
        }
    }

    /** Takes a ping to answer; false if there are too many. */
    boolean ping(String data) {
        return pings.size() < MAX_PINGS && pings.add(data);
    }

    /** Takes a token to send, unless the next attach carries it. */
    void renew(String value) {
        token = value;
        tokenEpoch = epochs.issued();
    }

    /** What the current WebSocket writes next, or {@code null} if there is nothing. */
    @Nullable
    Frames nextFrames(long now) {
        var answers = List.copyOf(pings);
        pings.clear();
        reception.tick(now, WEBSOCKET_ACK_NANOS);
        boolean acks = reception.wantsAck() && epochs.withheldFor(now) <= 0;
        long ack = acks ? reception.acknowledge() : Batch.NO_ACK;
        var entry = submission.next();
        var close = submission.isAllWritten() ? end.write() : null;
        var renewal = token;
        token = null;
        boolean nothing = answers.isEmpty() && ack == Batch.NO_ACK && entry == null && close == null && renewal == null;
        return nothing ? null : new Frames(answers, ack, entry, close, renewal);
    }

    /** The next POST of an open session, or {@code null} if there is no reason for one, or a WebSocket carries the session. */
    @Nullable
    Post nextPost(String secret, Terms terms, long now) {
        long epoch = epochs.postEpoch();
        if (epoch == ClientEpochs.NONE) {
            return null;
        }
        boolean acknowledges = epochs.transport() == PushTransport.SSE; // polls do it by themselves
        boolean mayAcknowledge = acknowledges && epochs.withheldFor(now) <= 0;
        if (acknowledges) {
            reception.tick(now, STREAM_ACK_NANOS);
        }
        var entries = submission.batch(terms.maxBodySize() - CLOSE_RECORD);
        boolean all = submission.acknowledged() + entries.size() == submission.last();
        var close = all ? end.farewell() : null;
        boolean reason = !entries.isEmpty() || close != null || token != null;
        if (!reason && !(mayAcknowledge && (reception.wantsAck() || ackUnderWay != Batch.NO_ACK))) {
            return null;
        }
        token = null; // every request carries it
        if (mayAcknowledge && reception.mayAcknowledge()) {
            ackUnderWay = reception.acknowledge();
        }
        return new Post(secret, epoch, entries, close, acknowledges ? ackUnderWay : Batch.NO_ACK);
    }

    /** A POST was answered, and so what it acknowledged has arrived. */
    void answered(Post post) {
        if (post.position() == ackUnderWay) {
            ackUnderWay = Batch.NO_ACK;
        }
    }

    /** In how many nanoseconds there will be something to acknowledge by itself, or {@link Reception#NOT_DUE}. */
    long ackDueIn(long now) {
        if (!reception.mayAcknowledge()) {
            return Reception.NOT_DUE; // withheld until the application takes something
        }
        long due = switch (epochs.transport()) {
            case WEBSOCKET -> reception.ackDueIn(now, WEBSOCKET_ACK_NANOS);
            case SSE -> reception.ackDueIn(now, STREAM_ACK_NANOS);
            case LONG_POLLING, POLLING -> Reception.NOT_DUE;
        };
        return Math.max(due, epochs.withheldFor(now));
    }
}
