package io.github.postern.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A TCP proxy on a free port of the loopback interface, before a server on the same machine, that plays a bad network: it understands HTTP/1.1 and WebSocket well
 * enough to strike a request, a response or a WebSocket with a {@link Fault}. Without one it passes everything on as it is. What is no HTTP/1.1, such as
 * HTTP/2, passes too, and only the faults that know nothing of requests strike it.
 *
 * {@snippet class="io.github.postern.verify.examples.FaultsExamplesTest" region="test" :
 * @RegisterExtension
 * static final FaultProxy proxy = FaultProxy.to(() -> server.getAddress().getPort());
 *
 * @Test
 * void an_order_whose_answer_was_lost_is_not_placed_twice() throws Exception {
 *     var lost = proxy.next(Request.post(), Fault.loseResponse());
 *     new OrderClient(proxy.uri("/orders")).order("book");
 *     lost.await();
 *     assertEquals(1, ordersOfTheServer());
 * }
 * }
 *
 * <p>As a JUnit extension in a static field it lives as long as the tests of its class, and after each of them all faults are cleared, all connections reset, and
 * the counts set back to 0; in another field it lives for one test. The tests of a class that share one do not run at the same time. Without JUnit:
 * {@link #start} and {@link #close}.
 *
 * <p>A request is struck by the first fault that is set for it, in the order in which they were set, and by no other. Safe for any number of threads.
 */
public final class FaultProxy
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, AutoCloseable {
    private static final int BACKLOG = 1_024;

    private final FaultPlan plan = new FaultPlan();
    private final TrafficCount count = new TrafficCount();
    private final Network network;
    private @Nullable SSLContext tls;

    /** How many classes, one in the other, run their tests with this proxy. JUnit's thread only. */
    private int classes;

    private FaultProxy(IntSupplier target) {
        this.network = new Network(target, plan, count);
    }

    /**
     * {@return a proxy before a server on the loopback interface; not started}
     *
     * @param port asked for whenever a client connects, so the server may start later, or another may take its place
     */
    public static FaultProxy to(IntSupplier port) {
        return new FaultProxy(port);
    }

    /**
     * Speaks TLS with clients, and offers them no HTTP/2; with the server it does not.
     *
     * @param context with the proxy's keys
     * @return this
     * @throws IllegalStateException if it was started
     */
    public FaultProxy tls(SSLContext context) {
        if (network.isOpen()) {
            throw new IllegalStateException("the proxy was started");
        }
        tls = context;
        return this;
    }

    /**
     * Begins to listen.
     *
     * @return this
     * @throws IllegalStateException if it listens already
     * @throws UncheckedIOException if it cannot listen
     */
    public FaultProxy start() {
        if (network.isOpen()) {
            throw new IllegalStateException("the proxy was started");
        }
        try {
            var loopback = InetAddress.getLoopbackAddress();
            network.open(
                    tls == null
                            ? new ServerSocket(0, BACKLOG, loopback)
                            : tls.getServerSocketFactory().createServerSocket(0, BACKLOG, loopback));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * {@return the port for clients}
     *
     * @throws IllegalStateException if it was not started, or is closed
     */
    public int port() {
        return network.port();
    }

    /**
     * {@return the address for clients: {@code http://localhost:PORT}, or {@code https}, and the path}
     *
     * @param path path and query, from the slash on
     * @throws IllegalArgumentException if the result is no URI
     * @throws IllegalStateException if it was not started, or is closed
     */
    public URI uri(String path) {
        return URI.create((tls == null ? "http" : "https") + "://localhost:" + port() + path);
    }

    // faults

    /**
     * Strikes the next request that matches.
     *
     * @param match which requests are meant
     * @param fault what happens to them
     * @return what tells how often the fault has struck
     */
    public Injection next(Predicate<? super Request> match, Fault fault) {
        return next(1, match, fault);
    }

    /**
     * Strikes the next requests that match. A request that does not come to where the fault would strike, because its response is shorter for instance,
     * uses it up nevertheless.
     *
     * @param times how many, at least 1
     * @param match which requests are meant
     * @param fault what happens to them
     * @return what tells how often the fault has struck
     * @throws IllegalArgumentException if the number is below 1
     */
    public Injection next(long times, Predicate<? super Request> match, Fault fault) {
        return plan.add(times, match, fault);
    }

    /**
     * Strikes every request that matches, until the fault is cleared.
     *
     * @param match which requests are meant
     * @param fault what happens to them
     * @return what tells how often the fault has struck
     */
    public Injection every(Predicate<? super Request> match, Fault fault) {
        return next(Long.MAX_VALUE, match, fault);
    }

    /**
     * Strikes what is under way: every matching request whose response is not complete, and every WebSocket. The fault takes the place of another that there
     * was, and its bytes and times count from now on.
     *
     * @param match which requests are meant
     * @param fault what happens to them
     * @return what tells how often the fault has struck
     * @throws IllegalArgumentException if the fault is one that only a request can meet when it comes
     */
    public Injection now(Predicate<? super Request> match, Fault fault) {
        if (!fault.canStrikeNow()) {
            throw new IllegalArgumentException("cannot strike what is under way: " + fault);
        }
        var injection = new Injection(fault, match, Long.MAX_VALUE);
        network.forEach(connection -> connection.strikeNow(injection));
        injection.clear();
        return injection;
    }

    /**
     * Closes the connection that carries the n-th byte from now on to a client, whichever it is. Takes the place of an earlier call.
     *
     * @param bytes the number of that byte; the next one is number 1
     * @return what tells whether that has happened
     * @throws IllegalArgumentException if the number is below 1
     */
    public Injection cutDownAfter(long bytes) {
        return plan.byteCut(Direction.DOWN).set(Direction.DOWN, bytes);
    }

    /**
     * Closes the connection that carries the n-th byte from now on to the server, whichever it is. Takes the place of an earlier call.
     *
     * @param bytes the number of that byte; the next one is number 1
     * @return what tells whether that has happened
     * @throws IllegalArgumentException if the number is below 1
     */
    public Injection cutUpAfter(long bytes) {
        return plan.byteCut(Direction.UP).set(Direction.UP, bytes);
    }

    /** Clears all faults, thaws, and lets new connections through. What was half open or mute stays so. */
    public void clear() {
        plan.clear();
        admit();
        thaw();
    }

    /** Closes every connection. */
    public void cutAll() {
        network.forEach(connection -> connection.end(Ending.CLOSE));
    }

    /** Resets every connection. */
    public void resetAll() {
        network.forEach(connection -> connection.end(Ending.RESET));
    }

    /** Closes every connection of a client, and leaves those to the server open: it does not learn that its client is gone. */
    public void abandonAll() {
        network.forEach(ProxiedConnection::abandon);
    }

    /** Lets no byte and no end through on any connection, new ones included, until {@link #thaw}: both machines are up, and the network sleeps. Nothing is lost. */
    public void freeze() {
        network.freeze(true);
    }

    /** Ends {@link #freeze}: what has gathered goes on its way. */
    public void thaw() {
        network.freeze(false);
    }

    /** Resets every new connection at once, until {@link #admit}. Those that exist stay. */
    public void refuse() {
        network.refuse(true);
    }

    /** Ends {@link #refuse}. */
    public void admit() {
        network.refuse(false);
    }

    /** {@return how many connections of clients are open} */
    public int connections() {
        return network.size();
    }

    /** {@return what has gone through} */
    public Traffic traffic() {
        return count.traffic();
    }

    // the life of the proxy

    /** Ends everything that was under way in one test, so that the next begins anew. */
    private void reset() {
        clear();
        resetAll();
        network.awaitNone();
        count.reset();
    }

    /**
     * Resets all connections and ends all threads. Does nothing if it was not started.
     *
     * @throws IllegalStateException if a thread does not end within 10 s
     * @throws UncheckedIOException if the listening socket cannot be closed
     */
    @Override
    public void close() {
        network.close(this::clear);
    }

    /** Starts the proxy, if it is in a static field. */
    @Override
    public void beforeAll(ExtensionContext context) {
        if (classes++ == 0) {
            start();
        }
    }

    /** Starts the proxy, if it is not in a static field. */
    @Override
    public void beforeEach(ExtensionContext context) {
        if (classes == 0) {
            start();
        }
    }

    /** Closes the proxy, or clears it for the next test if it is in a static field. */
    @Override
    public void afterEach(ExtensionContext context) {
        if (classes == 0) {
            close();
        } else {
            reset();
        }
    }

    /** Closes the proxy, if it is in a static field. */
    @Override
    public void afterAll(ExtensionContext context) {
        if (--classes == 0) {
            close();
        }
    }
}
