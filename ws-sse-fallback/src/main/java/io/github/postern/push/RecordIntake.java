package io.github.postern.push;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes in the records of responses (PROTOCOL.md §3, §5, §6). For one attachment and its thread. */
final class RecordIntake {
    /** What a record has beside its data, and a control record in all, amply. */
    private static final int OVERHEAD = 4 * 1024;

    private final Downlink session;
    private final int maxMessageSize;
    private EventStreamParser parser;
    private boolean attached;

    /** The number of the last message in this response, 0 before the first. */
    private long last;

    RecordIntake(Downlink session, int maxMessageSize) {
        this.session = session;
        this.maxMessageSize = maxMessageSize;
        this.parser = parser();
    }

    private EventStreamParser parser() {
        return new EventStreamParser(OVERHEAD + maxMessageSize / 3 * 4); // room for Base64
    }

    /** The next response begins. */
    void nextResponse() {
        parser = parser();
        last = 0;
    }

    /** Whether the server has attached the client. */
    boolean isAttached() {
        return attached;
    }

    /** Whether the bytes so far end in the middle of a record. */
    boolean inRecord() {
        return parser.inRecord();
    }

    /** Takes in everything, waiting while too much waits for the application. Returns why the attachment ends, if it does. */
    @Nullable
    Outcome take(ByteBuffer bytes) throws InterruptedException {
        for (var content = parser.next(bytes); content != null; content = parser.next(bytes)) {
            var outcome = take(content);
            if (outcome != null) {
                return outcome;
            }
        }
        return parser.failure() == null ? null : Refusal.violation("malformed stream: " + parser.failure());
    }

    private @Nullable Outcome take(StreamRecord content) throws InterruptedException {
        return switch (content.event()) {
            case StreamRecord.ATTACHED -> attached(content);
            case StreamRecord.CLOSE -> closed(content);
            case StreamRecord.DETACH -> detached(content);
            default -> content.isMessage() ? message(content) : null; // what this version does not know is ignored
        };
    }

    private @Nullable Outcome attached(StreamRecord greeting) {
        if (attached) {
            return Refusal.violation("attached twice");
        }
        attached = true;
        return switch (session.attached(greeting)) {
            case AttachAnswer.Current current -> session.isOver() ? new Outcome.Over() : null; // our close is confirmed
            case AttachAnswer.Late late -> new Outcome.Broken(new IOException("a newer attachment was faster"));
            case AttachAnswer.Stray stray -> new Outcome.Stray();
            case AttachAnswer.Fault fault -> Refusal.violation(fault.why());
        };
    }

    private @Nullable Outcome message(StreamRecord content) throws InterruptedException {
        var message = content.message();
        long number = content.id() == null && last > 0 ? last + 1 : content.number();
        if (message == null || number < 1) {
            return Refusal.violation("message without number or form");
        }
        last = number;
        if (!attached) {
            return Refusal.repeated(); // to the second one of a first poll the server has nothing to say but messages
        }
        int size = MessageSize.of(message);
        if (size > maxMessageSize) {
            return Refusal.violation("message longer than " + maxMessageSize + " bytes: " + size);
        }
        session.awaitRoom();
        var taken = session.take(number, message, size);
        return taken == ClientState.Taken.GAP
                ? new Outcome.Broken(new IOException("messages are missing before number " + number))
                : null;
    }

    private @Nullable Outcome closed(StreamRecord content) throws InterruptedException {
        var status = Refusal.closeStatus(content);
        if (status == null) {
            return Refusal.violation("malformed close");
        }
        var taken = session.peerClosed(content, status);
        return switch (taken) {
            case NEW -> new Outcome.Over();
            case KNOWN -> null;
            case DRAINING -> {
                session.awaitOver(); // the response ends here, and POSTs go on
                yield new Outcome.Over();
            }
            case GAP -> new Outcome.Broken(new IOException("messages are missing before the close"));
        };
    }

    private static Outcome detached(StreamRecord content) {
        var outcome = Refusal.ofDetach(content);
        return outcome == null ? new Outcome.Broken(new IOException("detached")) : outcome;
    }
}
