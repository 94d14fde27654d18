package io.github.postern.push;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Carries a session in HTTP responses: a stream that goes on, or one poll. What can be answered at once is written by the request's thread;
 * what comes later by a virtual thread of its own, so that a slow client delays nobody.
 */
final class HttpCarrier implements Carrier {
    private static final System.Logger LOG = System.getLogger(HttpCarrier.class.getName());

    private final LiveSession session;
    private final HttpServletResponse response;
    private final boolean opening;
    private final int padding;
    private final @Nullable Parameters preface;
    private final Pump pump = new Pump(this::drain);
    private final AtomicBoolean completed = new AtomicBoolean();
    private volatile boolean cut;

    /** Set before {@link #async}, which publishes it. */
    private @Nullable Attachment attachment;

    /** A message of this response has told its number. Request's thread until {@link #async} is set, then the pump's. */
    private boolean numbered;

    /** Set when the request's thread has let go of the response. */
    private volatile @Nullable AsyncContext async;

    /**
     * A carrier whose attachment comes with {@link #begin}.
     *
     * @param opening whether the session was opened by this request
     * @param padding how many bytes of comment come first
     * @param preface the parameters of a record {@code lost} that comes first, or {@code null}
     */
    HttpCarrier(
            LiveSession session,
            HttpServletResponse response,
            boolean opening,
            int padding,
            @Nullable Parameters preface) {
        this.session = session;
        this.response = response;
        this.opening = opening;
        this.padding = padding;
        this.preface = preface;
    }

    /** Writes what there is, in the request's thread, and goes on by itself if the response does not end with it. */
    void begin(HttpServletRequest request, Attachment taken) throws IOException {
        attachment = taken;
        AsyncContext context = null;
        try {
            var batch = session.take(taken);
            head(taken, batch);
            if (batch == null || !batch.end()) {
                context = request.startAsync();
                context.setTimeout(0);
                context.addListener(new Ending());
            }
            if (batch != null) {
                write(taken, batch);
            }
        } catch (IOException | RuntimeException e) {
            session.detach(taken);
            if (context != null) {
                complete(context);
            }
            throw e;
        }
        if (context != null) {
            async = context;
            pump.wake();
        }
    }

    private void head(Attachment taken, @Nullable Batch batch) {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setHeader("Content-Type", Answer.EVENT_STREAM);
        response.setHeader("Cache-Control", "no-store, no-transform");
        if (taken.transport() != PushTransport.POLLING) {
            response.setHeader("X-Accel-Buffering", "no");
        }
        if (batch != null && batch.greets() && !isBare()) {
            if (opening) {
                response.setHeader(PushHeaders.SESSION, session.secret());
            }
            response.setHeader(PushHeaders.ID, session.id());
            response.setHeader(PushHeaders.EPOCH, Long.toString(taken.epoch()));
            response.setHeader(PushHeaders.RECEIVED, Long.toString(taken.received()));
        }
    }

    private boolean isBare() {
        return session.kind() != SessionKind.POSTERN;
    }

    @Override
    public void wake() {
        pump.wake();
    }

    /** A write that is under way ends by itself in time, since the servlet API has nothing that would end it: nobody waits for it. */
    @Override
    public void cut() {
        cut = true;
        pump.wake();
    }

    /** Runs on the pump's thread. */
    private void drain() {
        var context = async;
        var mine = attachment;
        if (context == null || mine == null) {
            return; // the request's thread is still at work, and wakes the pump when it is done
        }
        try {
            boolean end = cut;
            for (var batch = cut ? null : session.take(mine); batch != null; batch = session.take(mine)) {
                write(mine, batch);
                end = batch.end() || cut;
                if (end) {
                    break;
                }
            }
            if (end) {
                session.detach(mine);
                complete(context);
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, () -> "lost the client of " + session, e);
            session.detach(mine);
            complete(context);
        }
    }

    private void write(Attachment taken, Batch batch) throws IOException {
        var encoder = isBare() ? EventStreamEncoder.bare(session.secret()) : new EventStreamEncoder();
        encode(encoder, taken, batch);
        if (batch.end() && !response.isCommitted()) {
            response.setContentLength(encoder.length());
        }
        var contents = encoder.contents();
        var out = response.getOutputStream();
        out.write(contents.array(), contents.arrayOffset(), contents.remaining());
        if (!batch.end()) {
            out.flush();
        }
        session.written(taken, batch);
    }

    private void encode(EventStreamEncoder encoder, Attachment taken, Batch batch) {
        if (batch.greets()) {
            encoder.padding(padding);
            if (preface != null) {
                encoder.control(StreamRecord.LOST, preface);
            }
        }
        if (batch.lost() != null) {
            encoder.control(StreamRecord.LOST, batch.lost());
        }
        if (batch.greets() && isBare()) {
            encoder.position(taken.start());
        } else if (batch.greets()) {
            encoder.control(StreamRecord.ATTACHED, taken.start(), session.greeting(taken, opening));
        }
        for (var entry : batch.entries()) {
            if (numbered && !isBare()) {
                encoder.next(entry);
            } else {
                encoder.message(entry);
            }
            numbered = true;
        }
        if (batch.close() != null) {
            encoder.control(
                    StreamRecord.CLOSE, batch.close().number(), batch.close().parameters());
        }
        if (batch.detach() != null) {
            encoder.control(StreamRecord.DETACH, batch.detach().parameters());
        }
        if (batch.heartbeat()) {
            encoder.heartbeat();
        }
    }

    private void complete(AsyncContext context) {
        if (completed.compareAndSet(false, true)) {
            try {
                context.complete();
            } catch (IllegalStateException e) {
                LOG.log(Level.DEBUG, "the container has completed the request already", e);
            }
        }
    }

    /** The container has noticed that the client is gone. */
    private final class Ending implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            gone();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            gone();
            complete(event.getAsyncContext());
        }

        @Override
        public void onError(AsyncEvent event) {
            gone();
            complete(event.getAsyncContext());
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // only this class starts asynchronous processing, once
        }

        private void gone() {
            var mine = attachment;
            if (mine != null) {
                session.detach(mine);
            }
        }
    }
}
