package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one session knows and decides on the client: numbers, acknowledgement, repetition, epochs, the end (PROTOCOL.md §4 to
 * §9). Pure: no clock, no lock, no I/O. Times are nanoseconds of the owner's clock and are handed in. Guarded by the owner.
 */
final class ClientState {
    /** What became of a numbered record. */
    enum Taken {
        NEW,
        /** It was received before. */
        KNOWN,
        /** Something before it is missing: the attachment is broken. */
        GAP
    }

    /**
     * What a WebSocket writes next, in the order of the components.
     *
     * @param pongs the data of pings to answer
     * @param ack the position to acknowledge, or {@link Batch#NO_ACK}
     * @param entry a message, or {@code null}
     * @param close the close behind the last message, or {@code null}
     */
    record Frames(List<String> pongs, long ack, ReplayLog.@Nullable Entry entry, Batch.@Nullable Close close) {}

    private static final long WEBSOCKET_ACK_NANOS = 1_000_000_000L;
    private static final long STREAM_ACK_NANOS = 5_000_000_000L;

    /** More pings than these without an answer are not those of a server that wants one. */
    private static final int MAX_PINGS = 16;

    /** What a close record takes of the body of a POST, amply. */
    private static final int CLOSE_RECORD = 512;

    private final Submission submission;
    private final Reception reception;
    private final ArrayDeque<String> pings = new ArrayDeque<>(1);

    private final ClientEnd end = new ClientEnd();

    private long epoch;
    private @Nullable String secret;
    private @Nullable Terms terms;

    /** An acknowledgement that a POST has carried without an answer yet, or {@link Batch#NO_ACK}. */
    private long ackUnderWay = Batch.NO_ACK;

    ClientState(Submission submission, Reception reception) {
        this.submission = submission;
        this.reception = reception;
    }

    ClientEnd.Phase phase() {
        return end.phase();
    }

    long epoch() {
        return epoch;
    }

    @Nullable
    Terms terms() {
        return terms;
    }

    /** How the session ended, or {@code null} while it has not. */
    @Nullable
    CloseInfo ending() {
        return end.info();
    }

    Reception reception() {
        return reception;
    }

    Submission submission() {
        return submission;
    }

    // attaching

    /** Begins the next attachment. */
    Hello hello() {
        epoch++;
        submission.rewind();
        end.rewind();
        pings.clear();
        return new Hello(epoch, secret, reception.position());
    }

    /** The head of a response tells the secret already; the body may not get through. */
    void opened(@Nullable String session) {
        if (secret == null && session != null && PushHeaders.isToken(session)) {
            secret = session;
        }
    }

    /**
     * The server has attached the client.
     *
     * @return {@code null}, or what is wrong with the record
     */
    @Nullable
    String attached(StreamRecord greeting) {
        var parameters = greeting.parameters();
        var told = parameters == null ? null : Terms.of(parameters);
        if (parameters == null || told == null) {
            return "attached with malformed parameters";
        }
        if (parameters.number("epoch") != epoch || greeting.number() != reception.position()) {
            return "attached with another epoch or position";
        }
        opened(parameters.text("session").orElse(null));
        if (secret == null) {
            return "attached without a session";
        }
        long received = parameters.number("received");
        if (received < submission.acknowledged() || received > lastNumber()) {
            return "attached with a position out of range: " + received;
        }
        terms = told;
        var unused = reception.acknowledge(); // the attachment said so
        ackUnderWay = Batch.NO_ACK;
        end.opened();
        acknowledged(received);
        return null;
    }

    // from the server

    /** A message came; it waits for the application if it is new. */
    Taken take(long number, Message message, int bytes, long now) {
        if (number <= reception.position()) {
            return Taken.KNOWN;
        }
        if (number > reception.position() + 1) {
            return Taken.GAP;
        }
        reception.add(message, bytes, now);
        return Taken.NEW;
    }

    /** The server has everything up to a position; returns false if it cannot. Lower than before is no news. */
    boolean acknowledged(long position) {
        if (position > lastNumber()) {
            return false;
        }
        submission.acknowledge(Math.min(position, submission.last()));
        end.acknowledged(position);
        settle();
        return true;
    }

    private long lastNumber() {
        var farewell = end.farewell();
        return farewell == null ? submission.last() : farewell.number();
    }

    /** The server's close record came. */
    Taken peerClosed(long number, CloseStatus status) {
        boolean answers = end.farewell() != null;
        boolean next = number == reception.position() + 1;
        if (end.isOver() || (!answers && number <= reception.position())) {
            return Taken.KNOWN;
        }
        if (!answers && !next) {
            return Taken.GAP;
        }
        end.peerClosed(number, next, status);
        settle();
        return Taken.NEW;
    }

    /** The server no longer has the session. */
    void gone(CloseStatus status) {
        end.gone(status);
        settle();
    }

    /** The session ends; does nothing if it is over. */
    void end(CloseInfo info) {
        end.over(info);
        settle();
    }

    /** What was not acknowledged will not be sent any more when the session is over. */
    private void settle() {
        if (end.isOver()) {
            submission.clear();
        }
    }

    /** The position that the server, having closed, still waits for; or {@link Batch#NO_ACK}. Only once. */
    long takeOwedAck() {
        return end.takeOwedAck();
    }

    /** The POST that acknowledges the server's close, or {@code null} if none is owed. Only once. */
    @Nullable
    Post finalPost() {
        long position = takeOwedAck();
        return secret == null || position == Batch.NO_ACK ? null : new Post(secret, epoch, List.of(), null, position);
    }

    /** Takes a ping to answer; false if there are too many. */
    boolean ping(String data) {
        return pings.size() < MAX_PINGS && pings.add(data);
    }

    // to the server

    /** This side closes, behind everything that was appended. Does nothing if the session is not open. */
    void close(CloseStatus status) {
        end.close(submission.last() + 1, status);
    }

    /** The status that this side closed with, or {@code null} if it has not. */
    @Nullable
    CloseStatus closing() {
        var farewell = end.farewell();
        return farewell == null ? null : farewell.status();
    }

    /** What the current WebSocket writes next, or {@code null} if there is nothing. */
    @Nullable
    Frames nextFrames(long now) {
        var answers = List.copyOf(pings);
        pings.clear();
        reception.tick(now, WEBSOCKET_ACK_NANOS);
        long ack = reception.wantsAck() ? reception.acknowledge() : Batch.NO_ACK;
        var entry = submission.next();
        var close = submission.isAllWritten() ? end.write() : null;
        boolean nothing = answers.isEmpty() && ack == Batch.NO_ACK && entry == null && close == null;
        return nothing ? null : new Frames(answers, ack, entry, close);
    }

    /**
     * The next POST, or {@code null} if there is no reason for one.
     *
     * @param acknowledges whether nothing else carries acknowledgements, so that one alone is reason enough
     */
    @Nullable
    Post nextPost(boolean acknowledges, long now) {
        if (secret == null || terms == null || phase() == ClientEnd.Phase.OPENING) {
            return null;
        }
        if (acknowledges) {
            reception.tick(now, STREAM_ACK_NANOS);
        }
        var entries = submission.batch(terms.maxBodySize() - CLOSE_RECORD);
        boolean all = submission.acknowledged() + entries.size() == submission.last();
        var close = all ? end.farewell() : null;
        if (entries.isEmpty()
                && close == null
                && !(acknowledges && (reception.wantsAck() || ackUnderWay != Batch.NO_ACK))) {
            return null;
        }
        if (acknowledges && reception.mayAcknowledge()) {
            ackUnderWay = reception.acknowledge();
        }
        return new Post(secret, epoch, entries, close, ackUnderWay);
    }

    /** A POST was answered; returns false if the position cannot be. */
    boolean answered(Post post, long received) {
        if (post.position() == ackUnderWay) {
            ackUnderWay = Batch.NO_ACK;
        }
        return acknowledged(received);
    }

    /** What the next poll of the attachment says: an older position if the application does not keep up. */
    Hello nextPoll() {
        long position = reception.mayAcknowledge() ? reception.acknowledge() : reception.acknowledged();
        return new Hello(epoch, secret, position);
    }

    /** In how many nanoseconds there will be something to acknowledge by itself, or {@link Reception#NOT_DUE}. */
    long ackDueIn(PushTransport transport, long now) {
        if (!reception.mayAcknowledge()) {
            return Reception.NOT_DUE; // withheld until the application takes something
        }
        return switch (transport) {
            case WEBSOCKET -> reception.ackDueIn(now, WEBSOCKET_ACK_NANOS);
            case SSE -> reception.ackDueIn(now, STREAM_ACK_NANOS);
            case LONG_POLLING, POLLING -> Reception.NOT_DUE;
        };
    }
}
