package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.util.List;
import java.util.Objects;
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
        GAP,
        /** The server closes because it stops: what was sent is handed over before that is acknowledged. */
        DRAINING
    }

    private final Submission submission;
    private final Reception reception;
    private final ClientEnd end = new ClientEnd();
    private final ClientEpochs epochs;
    private final ClientOutput output;

    private @Nullable String secret;
    private @Nullable Terms terms;

    private int unconfirmed;

    /**
     * A session that is not attached yet.
     *
     * @param preferred the transport that is told until there is one
     */
    ClientState(Submission submission, Reception reception, PushTransport preferred) {
        this.submission = submission;
        this.reception = reception;
        this.epochs = new ClientEpochs(preferred);
        this.output = new ClientOutput(submission, reception, epochs, end);
    }

    ClientEnd.Phase phase() {
        return end.phase();
    }

    ClientEpochs epochs() {
        return epochs;
    }

    /** How many messages the server has not acknowledged: until now, or until the session ended. */
    int unconfirmed() {
        return end.isOver() ? unconfirmed : submission.unacknowledged();
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

    /** Begins the next attachment; what carries the session goes on until it is answered. */
    Hello hello(PushTransport over, long now) {
        var attach = epochs.issue(over, reception.position(), submission.acknowledged(), now);
        return new Hello(attach.epoch(), secret, attach.position());
    }

    /** Whether the secret of the session is not known yet. */
    boolean isOpening() {
        return secret == null;
    }

    /** The head of a response tells the secret already; the body may not get through. Returns false if it is that of another session than ours. */
    boolean opened(Hello hello, @Nullable String session) {
        if (session == null || !PushHeaders.isToken(session) || hello.session() != null) {
            return true;
        }
        if (secret == null) {
            secret = session;
        }
        return session.equals(secret);
    }

    /** The server has answered an attach. */
    AttachAnswer attached(Hello hello, StreamRecord greeting) {
        var parameters = greeting.parameters();
        var told = parameters == null ? null : Terms.of(parameters);
        if (parameters == null || told == null) {
            return new AttachAnswer.Fault("attached with malformed parameters");
        }
        if (parameters.number("epoch") != hello.epoch() || greeting.number() != hello.position()) {
            return new AttachAnswer.Fault("attached with another epoch or position");
        }
        var session = parameters.text("session").orElse(null);
        if (!opened(hello, session)) {
            return new AttachAnswer.Stray(Objects.requireNonNull(session));
        }
        if (secret == null) {
            return new AttachAnswer.Fault("attached without a session");
        }
        var attach = epochs.find(hello.epoch());
        if (attach == null) {
            return new AttachAnswer.Late();
        }
        long received = parameters.number("received");
        if (received < attach.acknowledged() || received > lastNumber()) {
            return new AttachAnswer.Fault("attached with a position out of range: " + received);
        }
        enter(attach, told, received);
        return new AttachAnswer.Current();
    }

    private void enter(ClientEpochs.Attach attach, Terms told, long received) {
        epochs.enter(attach);
        terms = told;
        reception.acknowledged(attach.position()); // the attachment said so, and the server knows of no more
        output.begin(attach.epoch());
        end.opened();
        end.rewind();
        acknowledged(received);
        submission.rewind();
    }

    /** An attachment, or an attempt at one, is at its end. */
    void left(Hello hello) {
        epochs.leave(hello.epoch());
    }

    /** Whether more was acknowledged than an attach had told, so that the server may have refused it for that. */
    boolean isOvertaken(Hello hello) {
        return reception.hasAcknowledgedAbove(hello.position());
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
        if (submission.isSettled()) {
            end.drained();
        }
        settle();
        return true;
    }

    private long lastNumber() {
        var farewell = end.farewell();
        return farewell == null ? submission.last() : farewell.number();
    }

    /**
     * The server's close record came.
     *
     * @param received the server's position, {@link Numbers#MALFORMED} if it does not tell. Ours may have crossed its close, so only this says what the server has.
     */
    Taken peerClosed(long number, long received, CloseStatus status) {
        boolean answers = end.farewell() != null;
        boolean next = number == reception.position() + 1;
        if (end.isOver() || (!answers && number <= reception.position())) {
            return Taken.KNOWN;
        }
        if (!answers && !next) {
            return Taken.GAP;
        }
        if (received != Numbers.MALFORMED && received <= lastNumber()) {
            submission.acknowledge(Math.min(received, submission.last()));
        }
        if (!answers && SessionCodes.isGoingAway(status.code()) && !submission.isSettled()) {
            end.drain(number, status);
            return Taken.DRAINING;
        }
        end.peerClosed(number, next, status);
        settle();
        return Taken.NEW;
    }

    /** The server that stops gets no more time to confirm what was sent. Does nothing if the session does not drain. */
    void endDrain() {
        end.givesUpDraining();
        settle();
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
            unconfirmed += submission.unacknowledged();
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
        return secret == null || position == Batch.NO_ACK
                ? null
                : new Post(secret, epochs.issued(), List.of(), null, position);
    }

    /** Takes a ping to answer; false if there are too many. */
    boolean ping(String data) {
        return output.ping(data);
    }

    // to the server

    /** This side closes, behind everything that was appended. Does nothing if the session is not open. */
    void close(CloseStatus status) {
        end.close(submission.last() + 1, status);
        reception.letGo();
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
        return output.nextFrames(now);
    }

    /** The next POST, or {@code null} if there is no reason for one, or a WebSocket carries the session. */
    @Nullable
    Post nextPost(long now) {
        return secret == null || terms == null || phase() == ClientEnd.Phase.OPENING
                ? null
                : output.nextPost(secret, terms, now);
    }

    /** A POST was answered; returns false if the position cannot be. */
    boolean answered(Post post, long received) {
        output.answered(post);
        return acknowledged(received);
    }

    /**
     * What the next poll of an attachment says: an older position if the application does not keep up, while another attach is
     * under way, or if the session has left the attachment: what the server does not take is not acknowledged.
     */
    Hello nextPoll(Hello hello, long now) {
        boolean acks = reception.mayAcknowledge() && epochs.carries(hello.epoch()) && epochs.withheldFor(now) <= 0;
        long position = acks ? reception.acknowledge() : reception.acknowledged();
        return new Hello(hello.epoch(), secret, position);
    }

    /** For how long a poll would only be told again what was received, because an attach under way holds back the position; 0 if not at all. */
    long pollWithheldFor(long now) {
        return reception.mayAcknowledge() ? epochs.withheldFor(now) : 0;
    }

    /** The credentials are renewed by a token, unless the next attach carries it. */
    void renew(String value) {
        output.renew(value);
    }

    /** In how many nanoseconds there will be something to acknowledge by itself, or {@link Reception#NOT_DUE}. */
    long ackDueIn(long now) {
        return output.ackDueIn(now);
    }
}
