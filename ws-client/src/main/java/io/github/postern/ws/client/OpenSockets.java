package io.github.postern.ws.client;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sockets that one call of connect has open, so that whoever gives the call up can close them all: that frees every
 * thread which is blocked on one. For any thread.
 */
final class OpenSockets {
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock. */
    private final Set<Socket> sockets = new HashSet<>();

    /** Guarded by lock. */
    private boolean aborted;

    /** Guarded by lock. */
    private boolean handedOver;

    /** A new socket, not connected. */
    Socket create() throws SocketException {
        lock.lock();
        try {
            if (aborted) {
                throw new SocketException("connecting was given up");
            }
            var socket = new Socket();
            sockets.add(socket);
            return socket;
        } finally {
            lock.unlock();
        }
    }

    void close(Socket socket) {
        lock.lock();
        try {
            sockets.remove(socket);
        } finally {
            lock.unlock();
        }
        closeQuietly(socket);
    }

    /** Takes a socket out: it belongs to a connection from now on, unless all have been closed already. */
    void handOver(Socket socket) throws SocketException {
        lock.lock();
        try {
            if (aborted) {
                throw new SocketException("connecting was given up");
            }
            sockets.remove(socket);
            handedOver = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes all, those that are yet to come too; false if one was handed over, and so the call has come to its end.
     */
    boolean abort() {
        lock.lock();
        try {
            if (!handedOver) {
                aborted = true;
            }
            sockets.forEach(OpenSockets::closeQuietly);
            sockets.clear();
            return aborted;
        } finally {
            lock.unlock();
        }
    }

    /** How many are open, or being connected. */
    int size() {
        lock.lock();
        try {
            return sockets.size();
        } finally {
            lock.unlock();
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // the descriptor is released whatever close() says
        }
    }
}
