package io.github.postern.push;

import org.jspecify.annotations.Nullable;

/** Tells the observer what becomes of one session, in its words: what was before is compared with what is. Guarded by the session's lock. */
final class SessionReport {
    private final SessionObserver observer;
    private final PushSession application;
    private final SessionState state;

    SessionReport(SessionObserver observer, PushSession application, SessionState state) {
        this.observer = observer;
        this.application = application;
        this.state = state;
    }

    /** The first attachment of an epoch has begun. */
    void attached(PushTransport from, PushTransport to, boolean resumes, int replayed) {
        observer.attached(application, from, to, resumes, replayed);
    }

    /** If the session has left what was its attachment; says nothing of the end of each poll. */
    void left(@Nullable Attachment before) {
        if (before == null || state.current() == before) {
            return;
        }
        if (!before.transport().isSeries() || before.ended != null) {
            observer.detached(application, before.transport());
        }
    }

    /** If the client has acknowledged something new. */
    void acknowledged(long before, PushTransport transport) {
        if (state.kind() == SessionKind.POSTERN && state.forgotten() > before) {
            observer.counters(transport).acknowledged();
        }
    }

    void sent(PushTransport transport, Batch batch, int again) {
        long bytes = 0;
        for (var entry : batch.entries()) {
            bytes += entry.bytes();
        }
        observer.counters(transport).sent(batch.entries().size(), bytes, again);
    }

    void received(PushTransport transport, long messages, long bytes) {
        observer.counters(transport).received(messages, bytes);
    }

    /** If the session is over. */
    void over() {
        var info = state.ending();
        if (info != null) {
            observer.ended(application, info);
        }
    }
}
