package io.github.postern.push;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Keeps to the limits of the network: how many connections there are, and how long each may take for the head of a request. Jetty's own limit stops accepting, so
 * that all others wait while somebody holds as many connections as there may be; and its timeouts begin anew with each byte.
 *
 * <p>It leaves no connection open when it stops. Jetty forgets one that it is just accepting: it would stay open and unread for as long as the process lives, and its
 * client, or a proxy that could ask another server, would wait.
 */
final class JettyConnector extends ServerConnector {
    private static final System.Logger LOG = System.getLogger(JettyConnector.class.getName());

    private static final long LONGEST_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SHORTEST_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** How long one who is turned away has for reading why. */
    private static final long PARTING_SECONDS = 1;

    private final Admission admission;
    private final long handshakeNanos;
    private volatile Scheduler.@Nullable Task nextSweep;

    JettyConnector(Server server, NetworkLimits limits, ConnectionFactory... protocols) {
        super(server, protocols);
        this.admission = new Admission(limits);
        this.handshakeNanos = limits.handshakeTimeout().toNanos();
        setAcceptQueueSize(limits.backlog());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        scheduleSweep();
    }

    /** Waits for a connection and takes it in, on one of Jetty's threads for that. */
    @Override
    public void accept(int acceptor) throws IOException {
        if (getTransport() instanceof ServerSocketChannel listening && listening.isOpen()) {
            try {
                receive(listening.accept());
            } catch (ClosedChannelException e) {
                // the connector stops; Jetty would sleep over the exception
            }
        }
    }

    /**
     * Does nothing. Jetty closes the listening socket before, which ends the waiting as well. A thread that is interrupted just as it accepts a connection loses
     * it: the JDK would leave that open for ever, and its client would wait for an answer.
     */
    @Override
    protected void interruptAcceptors() {}

    /** Takes a connection in that was just accepted, or turns it away. Never blocks. */
    void receive(SocketChannel channel) {
        try {
            channel.configureBlocking(false);
            configure(channel.socket());
            var answer = enter(channel);
            switch (answer) {
                case ADMITTED -> getSelectorManager().accept(channel);
                case TOO_MANY, TOO_MANY_FROM_ADDRESS -> turnAway(channel, answer);
                case ENDED -> close(channel);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection ended as it was accepted", e); // Jetty would pause for a second
            close(channel);
            admission.leave(channel);
        }
    }

    /** Counts a connection, if there may be one more. */
    Admission.Answer enter(SocketChannel channel) {
        return admission.enter(channel, channel.socket().getInetAddress());
    }

    /** Says why, unless that would take a TLS handshake, or too many are being told already: whoever is not admitted may not cause much work. */
    private void turnAway(SocketChannel channel, Admission.Answer answer) throws IOException {
        LOG.log(Level.DEBUG, "turned away: {0}", answer);
        if (getDefaultConnectionFactory() instanceof SslConnectionFactory || !admission.beginParting(channel)) {
            close(channel);
            return;
        }
        boolean told = false;
        try {
            channel.write(response(answer.text() + "\n")); // the first bytes of a connection always have room
            channel.shutdownOutput();
            getScheduler().schedule(() -> part(channel), PARTING_SECONDS, TimeUnit.SECONDS);
            told = true;
        } finally {
            if (!told) {
                admission.endParting(channel);
            }
        }
    }

    private static ByteBuffer response(String text) {
        var response = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n"
                + "Content-Type: text/plain;charset=utf-8\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
        return ByteBuffer.wrap(response.getBytes(StandardCharsets.US_ASCII));
    }

    /** If the request has come by now and was not read, the system resets the connection: so not before the answer has been read. */
    private void part(SocketChannel channel) {
        close(channel);
        admission.endParting(channel);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        var endPoint = new JettyEndPoint(channel, selector, key, getScheduler());
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    @Override
    protected void onEndPointClosed(EndPoint endPoint) {
        super.onEndPointClosed(endPoint);
        if (endPoint instanceof JettyEndPoint socket) {
            admission.leave(socket.getChannel());
        }
    }

    /** A look at all connections now and then costs less than a timer for each request. */
    private void scheduleSweep() {
        long period = Math.clamp(handshakeNanos / 8, SHORTEST_PERIOD_NANOS, LONGEST_PERIOD_NANOS);
        nextSweep = getScheduler().schedule(this::sweep, period, TimeUnit.NANOSECONDS);
    }

    /** Goes on after errors too, such as a lack of memory: without it no deadline would hold any more. */
    private void sweep() {
        try {
            getConnectedEndPoints().forEach(this::closeIfLate);
            admission.forgetClosed();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "the deadlines of connections could not be looked after", e);
        } finally {
            if (isRunning()) {
                scheduleSweep();
            }
        }
    }

    private void closeIfLate(EndPoint endPoint) {
        if (endPoint instanceof JettyEndPoint socket && socket.isLate(handshakeNanos)) {
            socket.close(new TimeoutException("no whole request in time"));
        }
    }

    @Override
    protected void doStop() throws Exception {
        var task = nextSweep;
        if (task != null) {
            task.cancel();
        }
        try {
            super.doStop();
        } finally {
            admission.takeAll().forEach(JettyConnector::close);
        }
    }

    private static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection could not be closed", e);
        }
    }
}
