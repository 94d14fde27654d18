package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import jdk.jfr.FlightRecorder;

/** Is told what becomes of the sessions of an endpoint: counts it, tells JFR and the listeners. Never blocks; may be told under a session's lock. */
final class SessionObserver {
    private final LongAdder opened = new LongAdder();
    private final Map<Integer, LongAdder> ended = new ConcurrentHashMap<>();
    private final Map<PushTransport, TransportCounters> counters = new EnumMap<>(PushTransport.class);
    private final List<PushListener> listeners = new CopyOnWriteArrayList<>();
    private final EventQueue events;

    /** One who lets so many calls wait for a listener. */
    SessionObserver(int waitingListenerCalls) {
        events = new EventQueue(waitingListenerCalls);
        for (var transport : PushTransport.values()) {
            counters.put(transport, new TransportCounters());
        }
    }

    void addListener(PushListener listener) {
        listeners.add(listener);
    }

    /** The counters of a transport. */
    TransportCounters counters(PushTransport transport) {
        var found = counters.get(transport);
        if (found == null) {
            throw new IllegalStateException("no counters for " + transport);
        }
        return found;
    }

    void opened(PushSession session) {
        opened.increment();
        if (isRecorded()) {
            SessionOpenedEvent.commit(session);
        }
        tell(listener -> listener.opened(session));
    }

    /**
     * The first attachment of an epoch has begun.
     *
     * @param from what carried the session before
     * @param resumes whether anything did
     * @param replayed how many messages will be written again
     */
    void attached(PushSession session, PushTransport from, PushTransport to, boolean resumes, int replayed) {
        counters(to).attached();
        if (isRecorded()) {
            AttachedEvent.commit(session, to, resumes, replayed);
        }
        tell(listener -> listener.attached(session, to));
        if (resumes) {
            tell(listener -> listener.resumed(session, to, replayed));
        }
        if (resumes && from != to) {
            tell(listener -> listener.transportChanged(session, from, to));
        }
    }

    void detached(PushSession session, PushTransport transport) {
        if (isRecorded()) {
            DetachedEvent.commit(session, transport);
        }
        tell(listener -> listener.detached(session, transport));
    }

    void ended(PushSession session, CloseInfo info) {
        ended.computeIfAbsent(info.status().code(), code -> new LongAdder()).increment();
        if (isRecorded()) {
            SessionClosedEvent.commit(session, info);
        }
        tell(listener -> listener.ended(session, info));
    }

    /** Whether anybody has recorded yet. Before, the first event class that is initialized would have JFR build its metadata, and a session wait for it. */
    private static boolean isRecorded() {
        return FlightRecorder.isInitialized();
    }

    private void tell(Consumer<PushListener> event) {
        for (var listener : listeners) {
            events.add(() -> event.accept(listener));
        }
    }

    /** The numbers of now. */
    PushMetrics snapshot(int attached, int away) {
        var codes = new ConcurrentHashMap<Integer, Long>();
        ended.forEach((code, count) -> codes.put(code, count.sum()));
        var carried = new EnumMap<PushTransport, PushMetrics.Carried>(PushTransport.class);
        counters.forEach((transport, counter) -> carried.put(transport, counter.snapshot()));
        return new PushMetrics(opened.sum(), attached, away, codes, carried);
    }
}
