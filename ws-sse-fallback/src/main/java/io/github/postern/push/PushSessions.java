package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.core.CloseStatus;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** The sessions of one endpoint: opened, found by their secret, expired, stopped. Safe for any thread. */
final class PushSessions {
    private static final int SECRET_BYTES = 16;
    private static final int ID_BYTES = 9;

    /** Ended sessions are remembered in the room that live ones leave, and a little more. */
    private static final int REMEMBERED = 1_000;

    private static final System.Logger LOG = System.getLogger(PushSessions.class.getName());

    /** How long after its last poll a client is expected to poll again, when that would tell it that the server stops. */
    static final long POLL_NANOS = 2_000_000_000L;

    private final ConnectionHandler<? super PushSession> handler;
    private final PushOptions options;
    private final LongSupplier clock;
    private final ReplayBudget budget;
    private final SessionObserver observer;
    private final SecureRandom random = new SecureRandom();

    /** By a hash of the secret, so that the time of a look-up tells nothing about secrets. */
    private final Map<String, LiveSession> sessions = new ConcurrentHashMap<>();

    private final Map<AddressBlock, Integer> perBlock = new ConcurrentHashMap<>();
    private final AtomicInteger live = new AtomicInteger();
    private final HandlerThreads handlers = new HandlerThreads();
    private volatile boolean stopped;

    PushSessions(ConnectionHandler<? super PushSession> handler, PushOptions options, LongSupplier clock) {
        this.handler = handler;
        this.options = options;
        this.clock = clock;
        this.observer = new SessionObserver(options.limits().waitingListenerCalls());
        this.budget = new ReplayBudget(options.limits().totalUnacknowledgedBytes());
    }

    /** Why a session was not opened. */
    enum Refusal {
        TOO_MANY,
        TOO_MANY_FROM_ADDRESS
    }

    /** Either a session or a refusal. */
    record Opened(@Nullable LiveSession session, @Nullable Refusal refusal) {}

    /** Opens a session, whose handler runs from now on, for a client that nobody knows. */
    Opened open(SessionKind kind, String address) {
        return open(kind, address, Authentication.anonymous());
    }

    /** Opens a session, whose handler runs from now on. */
    Opened open(SessionKind kind, String address, Authentication.Admitted client) {
        int total = live.incrementAndGet();
        var block = AddressBlock.of(address);
        int fromAddress = perBlock.merge(block, 1, Integer::sum);
        if (stopped || total > options.limits().maxSessions()) {
            release(block);
            return new Opened(null, Refusal.TOO_MANY);
        }
        if (fromAddress > options.limits().maxSessionsPerAddress()) {
            release(block);
            return new Opened(null, Refusal.TOO_MANY_FROM_ADDRESS);
        }
        var session = new LiveSession(
                token(ID_BYTES),
                token(SECRET_BYTES),
                kind,
                options,
                budget,
                observer,
                clock,
                over -> over(over, block));
        var unused = session.admit(client); // the first always is
        sessions.put(key(session.secret()), session);
        observer.opened(session.application());
        handlers.start("postern-push-" + session.id(), () -> handler.serve(session.application()));
        if (stopped) {
            session.upkeep().goAway(); // it came in between, and nobody else would tell it
        }
        return new Opened(session, null);
    }

    /** Called once for each session, when it is over. */
    private void over(LiveSession session, AddressBlock block) {
        release(block);
        boolean crowded = sessions.size() > options.limits().maxSessions() + REMEMBERED;
        if (crowded || session.kind() == SessionKind.BARE_WEBSOCKET) {
            sessions.remove(key(session.secret()), session);
        }
    }

    private void release(AddressBlock block) {
        live.decrementAndGet();
        perBlock.computeIfPresent(block, (b, n) -> n == 1 ? null : n - 1);
    }

    /** The session with that secret, which may be over, or {@code null} if there is none. */
    @Nullable
    LiveSession find(String secret) {
        var session = sessions.get(key(secret));
        if (session == null || !sameInConstantTime(session.secret(), secret)) {
            return null;
        }
        return session;
    }

    private static boolean sameInConstantTime(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static String key(String secret) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return new String(hash, StandardCharsets.ISO_8859_1);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private String token(int bytes) {
        var token = new byte[bytes];
        random.nextBytes(token);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** The sessions that are open or closing. */
    List<PushSession> live() {
        return sessions.values().stream()
                .filter(session -> session.over() == null)
                .map(LiveSession::application)
                .toList();
    }

    SessionObserver observer() {
        return observer;
    }

    /** The numbers of now; visits every session. */
    PushMetrics metrics() {
        int attached = 0;
        int away = 0;
        for (var session : sessions.values()) {
            if (session.over() == null) {
                if (session.isAttached()) {
                    attached++;
                } else {
                    away++;
                }
            }
        }
        return observer.snapshot(attached, away);
    }

    /** Looks at the clock for every session. */
    void tick() {
        sessions.forEach((key, session) -> {
            try {
                if (session.upkeep().tick() == SessionState.Tick.FORGOTTEN) {
                    sessions.remove(key, session);
                }
            } catch (RuntimeException e) { // which concerns none of the others
                LOG.log(Level.ERROR, () -> "looking after " + session + " failed", e);
            }
        });
    }

    /** Whether no session is opened any more. */
    boolean isStopped() {
        return stopped;
    }

    /**
     * Opens nothing any more, and gives every session a time within the window when it will be closed with 1001, by a {@link #tick}: spread evenly,
     * each at a random place of its slot. A window of zero is over at once.
     *
     * @return how many sessions there are
     */
    int drain(Duration window) {
        if (window.isZero()) {
            goAway();
            return sessions.size();
        }
        stopped = true;
        return spread(window, SessionUpkeep::goAwayAfter);
    }

    /** Asks every attached client to attach anew, spread evenly over the window. */
    int move(Duration window) {
        return spread(window, SessionUpkeep::moveAfter);
    }

    private int spread(Duration window, ObjLongConsumer<SessionUpkeep> action) {
        var all = new ArrayList<>(sessions.values());
        var slots = slots(all.size(), window.toNanos(), random::nextDouble);
        for (int i = 0; i < slots.length; i++) {
            action.accept(all.get(i).upkeep(), slots[i]);
        }
        return slots.length;
    }

    /** One time in each of so many equal parts of the window, in random order, so that it does not depend on when a session began. */
    static long[] slots(int count, long windowNanos, DoubleSupplier chance) {
        var slots = new long[count];
        for (int i = 0; i < count; i++) {
            int place = (int) (chance.getAsDouble() * (i + 1)); // Fisher and Yates, while filling
            slots[i] = slots[place];
            slots[place] = (long) ((i + chance.getAsDouble()) * windowNanos / count);
        }
        return slots;
    }

    /** Waits for the clients that are told to hand over what they had sent, and for the handlers to return; ends and interrupts what is left. */
    void finish(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        sessions.values().forEach(session -> session.upkeep().awaitHandOver(deadline - System.nanoTime(), POLL_NANOS));
        cutOff(deadline);
    }

    /**
     * Opens nothing any more, closes every session with 1001, waits for the attached clients to hear of it and for the handlers to return, and
     * ends and interrupts what is left.
     */
    void stop(Duration patience) {
        goAway();
        long deadline = System.nanoTime() + patience.toNanos();
        sessions.values().forEach(session -> session.upkeep().awaitTold(deadline - System.nanoTime(), POLL_NANOS));
        cutOff(deadline);
    }

    private void cutOff(long deadline) {
        var info = new CloseInfo(CloseStatus.GOING_AWAY, Initiator.LOCAL, CloseStatus.GOING_AWAY, null, null);
        sessions.values().forEach(session -> session.end(info, true));
        handlers.end(deadline);
    }

    /** Opens nothing any more, and begins to close every session with 1001. */
    void goAway() {
        stopped = true;
        sessions.values().forEach(session -> session.upkeep().goAway());
    }
}
