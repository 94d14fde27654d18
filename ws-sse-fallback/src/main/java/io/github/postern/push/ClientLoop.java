package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a session attached until it is over: what {@link TransportRace} decides it does, and tells it what came of that. This is what the session's own thread
 * runs; it never blocks in the network.
 */
final class ClientLoop implements Runnable {
    private static final System.Logger LOG = System.getLogger(ClientLoop.class.getName());

    /** An attachment that lived so long, or brought something, was none of those that open only to die. */
    private static final long LASTING_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How often the clocks are compared: when the machine wakes up, that is seen so soon. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Endpoint endpoint;
    private final PushClientOptions options;
    private final GuardedState state;
    private final TransportRace race;
    private final ClientAttachments attachments;
    private final TokenRenewal tokens;
    private final HttpAccess http;
    private final Backoff backoff;
    private final SessionEvents listener;
    private final BlockingQueue<ClientEvent> events;
    private final CountDownLatch finished = new CountDownLatch(1);
    private final ClockJump jump = new ClockJump(System.nanoTime(), System.currentTimeMillis());

    // the loop's thread only

    private final AttachmentEnds ends;
    private final Continuity continuity;
    private final RequestedMove move = new RequestedMove();

    /** When a session that drains is given up. */
    private long drainEnds = TransportRace.NEVER;

    /** The listener knows that the session closes. */
    private boolean closingTold;

    /** A loop that has not begun. */
    ClientLoop(
            Endpoint endpoint,
            PushClientOptions options,
            GuardedState state,
            TransportRace race,
            ClientAttachments attachments,
            TokenRenewal tokens,
            HttpAccess http,
            Backoff backoff,
            SessionEvents listener,
            BlockingQueue<ClientEvent> events) {
        this.endpoint = endpoint;
        this.options = options;
        this.state = state;
        this.race = race;
        this.attachments = attachments;
        this.tokens = tokens;
        this.http = http;
        this.backoff = backoff;
        this.ends = new AttachmentEnds(state, tokens, backoff);
        this.listener = listener;
        this.continuity = new Continuity(listener);
        this.events = events;
        state.setOnTurn(() -> events.add(new ClientEvent.Changed()));
    }

    /** Starts the session's threads. */
    void start(ClientPushSession session) {
        listener.start(session);
        var unused = Thread.ofVirtual().name("postern-push-client").start(this);
    }

    /** Tells the loop something. Any thread. */
    void tell(ClientEvent event) {
        events.add(event);
    }

    /** Waits until everything is released, at most so long. */
    boolean awaitFinished(long nanos) throws InterruptedException {
        return finished.await(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
        try {
            perform(race.advance(System.nanoTime()));
            while (!state.isOver()) {
                step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "the push client failed", e);
            state.end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, null, null, e));
        } finally {
            finish();
        }
    }

    private void finish() {
        state.end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, null, null, null)); // it is over already
        try {
            attachments.stopAll();
            tokens.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            http.close();
            finished.countDown();
            move.fail(ended());
            refuseLateMoves();
            listener.stateChanged(ReadyState.CLOSED);
        }
    }

    /** Tells those who ask for a move when it is too late: those in the queue, and by {@link #move} those who come behind. */
    private void refuseLateMoves() {
        for (var waiting = events.poll(); waiting != null; waiting = events.poll()) {
            if (waiting instanceof ClientEvent.Move asked) {
                asked.done().completeExceptionally(ended());
            }
        }
    }

    /** Asks for a move; the future tells what came of it. Any thread. */
    CompletableFuture<PushTransport> move(PushTransport to) {
        var done = new CompletableFuture<PushTransport>();
        events.add(new ClientEvent.Move(to, done));
        if (finished.getCount() == 0) {
            done.completeExceptionally(ended()); // does nothing if the loop has taken it
        }
        return done;
    }

    private ConnectionClosedException ended() {
        return new ConnectionClosedException(state.get(s -> Objects.requireNonNull(s.ending())));
    }

    private void step() throws InterruptedException {
        long now = System.nanoTime();
        if (race.isExhausted(now)) {
            exhausted(now);
        }
        long due = now + Math.min(LOOK_NANOS, waitFor(now));
        var event = events.poll(due - now, TimeUnit.NANOSECONDS);
        now = System.nanoTime();
        if (jump.look(now, System.currentTimeMillis(), due)) {
            LOG.log(Level.DEBUG, "{0}: the machine was asleep", endpoint);
            backoff.reset();
            perform(race.probe(now));
        }
        if (event != null) {
            handle(event, now);
        }
        if (!state.isOver()) {
            lookAtTheClock(now);
        }
    }

    private long waitFor(long now) {
        long next = Math.min(race.next(now), Math.min(drainEnds, expiry()));
        long wait = next == TransportRace.NEVER ? Long.MAX_VALUE : Math.max(0, next - now);
        return Math.min(wait, tokens.dueIn(now));
    }

    private long expiry() {
        return continuity.expiresAt(state.get(ClientState::terms));
    }

    private void lookAtTheClock(long now) {
        if (now >= expiry()) {
            state.end(new CloseInfo(SessionCodes.EXPIRED, Initiator.NETWORK, null, null, continuity.cause()));
            return;
        }
        if (now >= drainEnds) {
            state.change(s -> {
                s.endDrain();
                return true;
            });
            return;
        }
        tokens.look(now);
        perform(race.advance(now));
    }

    private void perform(List<TransportRace.Action> actions) {
        for (var action : actions) {
            switch (action) {
                case TransportRace.Action.Start begin -> attachments.start(begin.id(), begin.transport());
                case TransportRace.Action.Stop stop -> attachments.stop(stop.id());
            }
        }
        if (race.current() == null && continuity.isCarried()) {
            continuity.interrupted(new IOException("nothing heard since the network has changed"), System.nanoTime());
        }
    }

    private void handle(ClientEvent event, long now) {
        switch (event) {
            case ClientEvent.Answered answered -> answered(answered.id(), now);
            case ClientEvent.Ended ended -> ended(ended, now);
            case ClientEvent.AskedToMove asked ->
                perform(race.moveAt(asked.id(), now + TimeUnit.MILLISECONDS.toNanos(asked.afterMillis()), now));
            case ClientEvent.Move asked -> {
                move.ask(asked, race.current());
                perform(race.moveTo(asked.to(), now));
            }
            case ClientEvent.NetworkChanged changed -> {
                backoff.reset();
                perform(race.probe(now));
            }
            case ClientEvent.Closing closing -> {
                tellThatItCloses();
                perform(race.hurry(now));
            }
            case ClientEvent.Changed changed -> {
                boolean drains = state.get(ClientState::phase) == ClientEnd.Phase.DRAINING;
                if (drains && drainEnds == TransportRace.NEVER) {
                    drainEnds = now + options.closeTimeout().toNanos();
                    tellThatItCloses();
                }
            }
        }
    }

    /** Once, however often the application closes, and whether the server stops besides. */
    private void tellThatItCloses() {
        if (!closingTold) {
            closingTold = true;
            listener.stateChanged(ReadyState.CLOSING);
        }
    }

    // attachments

    private void answered(int id, long now) {
        var winner = attachments.find(id);
        perform(race.answered(id, now));
        if (winner == null || !race.carries(id)) {
            return;
        }
        tokens.attached();
        LOG.log(Level.DEBUG, "{0}: attached over {1}", endpoint, winner.transport());
        continuity.carriedBy(winner.transport(), now);
        move.carriedBy(winner.transport());
    }

    private void ended(ClientEvent.Ended event, long now) {
        var attachment = attachments.find(event.id());
        attachments.ended(event.id());
        if (attachment == null || state.isOver()) {
            return;
        }
        var outcome = event.outcome();
        boolean carried = race.carries(event.id());
        LOG.log(Level.DEBUG, "{0} over {1}: {2}", endpoint, attachment.transport(), outcome);
        boolean lasting = now - attachment.began() > LASTING_NANOS;
        boolean useful = attachment.session().hasProgressed() || lasting;
        if (attachment.session().wasAttached() && useful) {
            backoff.reset();
        }
        boolean besideAnother = !carried && race.current() != null;
        ends.judge(outcome, attachment.session(), besideAnother);
        if (state.isOver()) {
            return;
        }
        var cause = Causes.of(outcome);
        if (carried) {
            continuity.interrupted(cause, System.nanoTime());
        }
        boolean blameless = useful || outcome instanceof Outcome.Moved;
        perform(race.ended(event.id(), blameless, ends.notBefore(outcome, carried, now), now));
        move.wanted(race.wanted(), cause);
    }

    /** Everything was tried: a session that is not open yet cannot be opened, another one waits. */
    private void exhausted(long now) {
        if (state.get(ClientState::phase) == ClientEnd.Phase.OPENING) {
            ends.cannotOpen();
            return;
        }
        race.pauseUntil(now + TimeUnit.MILLISECONDS.toNanos(backoff.next()));
    }
}
