package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a session attached: one attachment after the other, until the session is over (PROTOCOL.md §9). This is what the session's own
 * thread runs.
 */
final class ClientLoop implements Runnable {
    private static final System.Logger LOG = System.getLogger(ClientLoop.class.getName());

    /** An attachment that lived so long, or brought something, was none of those that open only to die. */
    private static final long LASTING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Endpoint endpoint;
    private final GuardedState state;
    private final Downlink session;
    private final List<ClientTransport> transports;
    private final HttpAccess http;
    private final Backoff backoff;
    private final CountDownLatch finished = new CountDownLatch(1);

    /** The transport in use. The loop's thread only, as all below. */
    private int index;

    private @Nullable IOException openingFailure;

    /** When the last attachment was lost. */
    private long lostSince;

    /**
     * A loop that has not begun.
     *
     * @param transports those to use, the preferred one first; at least one
     */
    ClientLoop(
            Endpoint endpoint,
            GuardedState state,
            Downlink session,
            List<ClientTransport> transports,
            HttpAccess http,
            Backoff backoff) {
        this.endpoint = endpoint;
        this.state = state;
        this.session = session;
        this.transports = transports;
        this.http = http;
        this.backoff = backoff;
    }

    /** Waits until everything is released, at most so long. */
    boolean awaitFinished(long nanos) throws InterruptedException {
        return finished.await(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
        try {
            state.setReader(Thread.currentThread());
            while (!state.isOver()) {
                attachOnce();
            }
        } catch (InterruptedException e) {
            // the session is over, and this thread's interrupt was the message
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "the push client failed", e);
            state.end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, null, null, e));
        } finally {
            finish();
        }
    }

    private void finish() {
        state.end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, null, null, null)); // it is over already
        var unused = Thread.interrupted(); // releasing takes its time, though a short one
        http.close();
        finished.countDown();
    }

    private void attachOnce() throws InterruptedException {
        var transport = transports.get(index);
        long began = System.nanoTime();
        var outcome = transport.carry();
        if (state.isOver()) {
            return;
        }
        LOG.log(Level.DEBUG, "{0} over {1}: {2}", endpoint, transport.kind(), outcome);
        boolean attached = session.wasAttached();
        if (attached) {
            lostSince = System.nanoTime();
            if (session.hasProgressed() || lostSince - began > LASTING_NANOS) {
                backoff.reset();
            }
        }
        if (state.get(ClientState::phase) == ClientEnd.Phase.OPENING) {
            openingFailed(outcome);
        } else {
            react(outcome);
        }
    }

    private void openingFailed(Outcome outcome) {
        var cause = causeOf(outcome);
        if (openingFailure != null) {
            cause.addSuppressed(openingFailure);
        }
        openingFailure = cause;
        boolean hopeless = outcome instanceof Outcome.Gone
                || outcome instanceof Outcome.Failed
                || cause instanceof ConnectException
                || cause instanceof UnknownHostException;
        if (hopeless || index == transports.size() - 1) {
            state.end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.NETWORK, null, null, cause));
        } else {
            index++;
        }
    }

    private void react(Outcome outcome) throws InterruptedException {
        switch (outcome) {
            case Outcome.Broken broken -> pause(backoff.next(), broken.cause());
            case Outcome.Refused refused -> {
                index = Math.min(index + 1, transports.size() - 1);
                pause(backoff.next(), refused.cause());
            }
            case Outcome.Busy busy -> pause(Math.max(busy.afterMillis(), backoff.next()), busy.cause());
            case Outcome.Moved moved -> session.pause(TimeUnit.MILLISECONDS.toNanos(moved.afterMillis()));
            case Outcome.Gone gone ->
                state.change(s -> {
                    s.gone(gone.status());
                    return true;
                });
            case Outcome.Failed failed -> state.end(failed.info());
            case Outcome.Over over -> throw new AssertionError("over, and nobody knows");
        }
    }

    /** Waits before the next attach, unless the session must have expired meanwhile. */
    private void pause(long millis, IOException cause) throws InterruptedException {
        long rest = session.expiryNanos() - (System.nanoTime() - lostSince);
        if (rest <= 0) {
            state.end(new CloseInfo(SessionCodes.EXPIRED, Initiator.NETWORK, null, null, cause));
            return;
        }
        session.pause(Math.min(rest, TimeUnit.MILLISECONDS.toNanos(millis)));
    }

    private static IOException causeOf(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Broken broken -> broken.cause();
            case Outcome.Refused refused -> refused.cause();
            case Outcome.Busy busy -> busy.cause();
            case Outcome.Moved moved -> new IOException("sent away before attaching");
            case Outcome.Gone gone ->
                new IOException(
                        "the server knows no such session: " + gone.status().code());
            case Outcome.Failed failed ->
                failed.info().cause() instanceof IOException e
                        ? e
                        : new IOException(
                                failed.info().toString(), failed.info().cause());
            case Outcome.Over over -> new IOException("over before it began");
        };
    }
}
