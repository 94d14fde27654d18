package io.github.postern.push;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** The attachments of one session that live, and attempts at them, each with its thread, which tells the loop of its end. For the loop's thread. */
final class ClientAttachments {
    /** One of them. */
    static final class Running {
        private final int id;
        private final PushTransport transport;
        private final Downlink session;
        private final long began = System.nanoTime();
        private final Thread thread;

        private Running(int id, PushTransport transport, Downlink session, Thread thread) {
            this.id = id;
            this.transport = transport;
            this.session = session;
            this.thread = thread;
        }

        int id() {
            return id;
        }

        PushTransport transport() {
            return transport;
        }

        Downlink session() {
            return session;
        }

        /** When it was begun. */
        long began() {
            return began;
        }
    }

    private final Endpoint endpoint;
    private final GuardedState state;
    private final PushClientOptions options;
    private final TokenSource tokens;
    private final HttpAccess http;
    private final TransportMemory.Entry memory;
    private final boolean onlyStream;
    private final BlockingQueue<ClientEvent> events;
    private final Map<Integer, Running> running = new HashMap<>();

    /**
     * None yet.
     *
     * @param onlyStream whether SSE is the only transport, so that it is given more time
     * @param events where their threads tell what happens
     */
    ClientAttachments(
            Endpoint endpoint,
            GuardedState state,
            PushClientOptions options,
            TokenSource tokens,
            HttpAccess http,
            TransportMemory.Entry memory,
            boolean onlyStream,
            BlockingQueue<ClientEvent> events) {
        this.endpoint = endpoint;
        this.state = state;
        this.options = options;
        this.tokens = tokens;
        this.http = http;
        this.memory = memory;
        this.onlyStream = onlyStream;
        this.events = events;
    }

    /** Begins one. */
    void start(int id, PushTransport transport) {
        var session = new Downlink(state, new Downlink.Watch() {
            @Override
            public void answered(long roundTripNanos) {
                memory.measured(roundTripNanos);
                events.add(new ClientEvent.Answered(id));
            }

            @Override
            public void asksToMove(long afterMillis) {
                events.add(new ClientEvent.AskedToMove(id, afterMillis));
            }
        });
        var carrier = carrier(transport, session);
        var thread = Thread.ofVirtual()
                .name("postern-push-client-" + transport.token())
                .unstarted(() -> carry(id, carrier, session));
        running.put(id, new Running(id, transport, session, thread));
        thread.start();
    }

    private ClientTransport carrier(PushTransport transport, Downlink session) {
        return switch (transport) {
            case WEBSOCKET -> new ClientWebSocket(session, new Uplink(state), endpoint, tokens, options);
            case SSE -> {
                var patience = options.connectTimeout();
                boolean hurried = !onlyStream && options.firstByteTimeout().compareTo(patience) < 0;
                yield new ClientStream(
                        session, http.link(), tokens, options, hurried ? options.firstByteTimeout() : patience);
            }
            case LONG_POLLING, POLLING -> new ClientPolls(session, http.link(), tokens, options, transport);
        };
    }

    private void carry(int id, ClientTransport carrier, Downlink session) {
        Outcome outcome = new Outcome.Over();
        try {
            outcome = carrier.carry();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // no longer needed, and at its end anyway
        } catch (RuntimeException | Error e) {
            outcome = Refusal.failure(e);
        } finally {
            session.leave();
            events.add(new ClientEvent.Ended(id, outcome));
        }
    }

    /** One that lives, or {@code null}. */
    @Nullable
    Running find(int id) {
        return running.get(id);
    }

    /** Asks one to end; does nothing if it has ended. */
    void stop(int id) {
        var one = running.get(id);
        if (one != null) {
            one.thread.interrupt();
        }
    }

    /** One has ended. */
    void ended(int id) {
        running.remove(id);
    }

    /** Waits until all have ended, the one that ended the session after it has said what it must, the others at once. */
    void stopAll() throws InterruptedException {
        var ender = state.ender();
        for (var one : running.values()) {
            if (one.thread != ender) {
                one.thread.interrupt();
            }
        }
        for (var one : running.values()) {
            one.thread.join();
        }
        running.clear();
    }
}
