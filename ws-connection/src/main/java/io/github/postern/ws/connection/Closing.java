package io.github.postern.ws.connection;

import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Role;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * How one connection comes to its end (RFC 6455 §7): by a closing handshake that either side begins, by failing the peer, or by the
 * loss of the network. Whichever is first tells the end's {@link CloseInfo}.
 */
final class Closing {
    private static final System.Logger LOG = System.getLogger(Closing.class.getName());

    private static final AtomicReferenceFieldUpdater<Closing, @Nullable CloseInfo> ENDED =
            AtomicReferenceFieldUpdater.newUpdater(Closing.class, CloseInfo.class, "ended");
    private static final AtomicIntegerFieldUpdater<Closing> REFUSED =
            AtomicIntegerFieldUpdater.newUpdater(Closing.class, "refused");

    private final WebSocketConnection connection;

    /** How the connection ended; null while it has not. */
    private volatile @Nullable CloseInfo ended;

    /** 1 if the peer is being failed. Written by REFUSED. */
    private volatile int refused;

    /** The peer's Close. Written by the thread that leads the receiving side. */
    private volatile @Nullable CloseStatus received;

    /** Whether the peer's Close came before ours. Written with {@link #received}. */
    private boolean peerBegan;

    Closing(WebSocketConnection connection) {
        this.connection = connection;
    }

    /** Closes because the application wants to: see {@link Connection#close(CloseStatus)}. */
    void close(CloseStatus status) {
        checkSendable(status);
        long timeout = options().closeTimeout().toNanos();
        long deadline = Deadline.after(connection.time(), timeout);
        boolean interrupted = Thread.interrupted(); // it would close the socket before the handshake is through
        try {
            if (!hasEnded() && !isRefusing()) { // then the peer is told why, not what a handler says that noticed it
                connection.sending().close(status, timeout);
            }
            connection.receiving().drain(deadline);
            connection.receiving().awaitEnd(deadline);
        } catch (IOException e) {
            lost(e);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (!hasEnded()) {
            lost(new SocketTimeoutException(
                    "no answer to the Close for " + options().closeTimeout().toMillis() + " ms"));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Before anything has happened: neither the interrupt is taken away then, nor a message sent that waits. */
    private static void checkSendable(CloseStatus status) {
        if (!status.isSendable() && !status.equals(CloseStatus.NO_STATUS)) {
            throw new IllegalArgumentException("close code that cannot be sent: " + status.code());
        }
    }

    /** Ends the connection because the application wants to, without telling the peer. */
    void abort() {
        end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, sent(), received, null));
    }

    /**
     * Answers the peer's Close and ends the connection. §5.5.1: echo the Close. §7.1.1: the server closes TCP first; the client waits
     * for that. Called by the thread that leads the receiving side.
     */
    void peerClosed(Event.Closed closed) {
        var status = closed.status();
        peerBegan = sent() == null;
        received = status;
        IOException failure = null;
        try {
            connection
                    .sending()
                    .close(closed.reply().status(), options().closeTimeout().toNanos());
            if (connection.role() == Role.CLIENT) {
                linger();
            } else if (connection.reading().hasArrived()) { // closing over it, TCP would reset what was sent
                connection.sending().shutdownOutput(options().lingerTimeout().toNanos());
                linger();
            } else {
                connection.sending().finish(options().lingerTimeout().toNanos());
            }
        } catch (IOException e) {
            failure = e;
        }
        var initiator = peerBegan ? Initiator.REMOTE : Initiator.LOCAL;
        end(new CloseInfo(status, initiator, sent(), status, failure));
    }

    /**
     * Fails the connection (§7.1.7) over something the peer did: tells it why, reads no further, and drops what still
     * arrives, so that a reset does not destroy the Close on its way. Called by the thread that leads the receiving side.
     */
    void refuse(CloseStatus status, String detail) {
        if (REFUSED.compareAndSet(this, 0, 1)) {
            ConnectionEvents.peerFailed(connection, status, detail);
            tellAndShutDown(status, detail);
            linger();
            endRefused(detail);
        }
    }

    /** As {@link #refuse}, but started by a thread that neither leads nor may block. */
    void refuseFromOutside(CloseStatus status, String detail) {
        if (REFUSED.compareAndSet(this, 0, 1)) {
            ConnectionEvents.peerFailed(connection, status, detail);
            connection.time().start("postern-refuse", () -> {
                tellAndShutDown(status, detail);
                try {
                    connection
                            .receiving()
                            .awaitEnd(Deadline.after(
                                    connection.time(), options().lingerTimeout().toNanos()));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                endRefused(detail);
            });
        }
    }

    private void linger() {
        connection
                .reading()
                .linger(Deadline.after(
                        connection.time(), options().lingerTimeout().toNanos()));
    }

    private void tellAndShutDown(CloseStatus status, String detail) {
        LOG.log(Level.INFO, () -> "closing " + connection + " with " + status.code() + ": " + detail);
        try {
            connection.sending().close(status, options().closeTimeout().toNanos());
            connection.sending().shutdownOutput(options().lingerTimeout().toNanos());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the peer could not be told why it was failed", e);
        }
    }

    private void endRefused(String detail) {
        var cause = new ProtocolException(detail);
        end(new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, sent(), received, cause));
    }

    /** Ends the connection because the network, or a deadline, did. {@code null}: the peer ended the stream. */
    void lost(@Nullable IOException failure) {
        var cause = failure == null ? new EOFException("the peer ended the stream without a Close frame") : failure;
        end(soFar(cause));
    }

    private void end(CloseInfo info) {
        if (ENDED.compareAndSet(this, null, info)) {
            connection.release();
            ConnectionEvents.closed(connection, info);
            LOG.log(Level.DEBUG, "{0} {1}", connection, info);
        }
    }

    boolean hasEnded() {
        return ended != null;
    }

    /** Whether either side has sent a Close, or this side is about to. */
    boolean hasBegun() {
        return isRefusing() || sent() != null || received != null;
    }

    /** Whether the peer is being failed, so that nothing more is sent to it but a Close. */
    boolean isRefusing() {
        return refused != 0;
    }

    /** How the connection ended; null while it has not. */
    @Nullable
    CloseInfo info() {
        return ended;
    }

    /** What is thrown at whoever wants to use a connection that has ended, or is about to. */
    ConnectionClosedException exception() {
        var info = ended;
        return new ConnectionClosedException(info != null ? info : soFar(null));
    }

    private CloseInfo soFar(@Nullable IOException cause) {
        var sent = sent();
        var peer = received;
        var initiator = peer != null && peerBegan ? Initiator.REMOTE : hasBegun() ? Initiator.LOCAL : Initiator.NETWORK;
        return new CloseInfo(peer != null ? peer : CloseStatus.ABNORMAL, initiator, sent, peer, cause);
    }

    private @Nullable CloseStatus sent() {
        return connection.sending().sent();
    }

    private ConnectionOptions options() {
        return connection.options();
    }
}
