package io.github.postern.push;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A TCP relay before a server, which cuts connections in the middle of what they carry, refuses new ones, or swallows what they carry. */
final class CuttingRelay implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    /** How many bytes from the server pass before the connection that carries them is cut; counted over all. */
    private final AtomicLong downBytesToCut = new AtomicLong(Long.MAX_VALUE);

    private final AtomicLong upBytesToCut = new AtomicLong(Long.MAX_VALUE);
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile boolean refusing;
    private volatile boolean swallowing;

    CuttingRelay(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    URI uri() {
        return URI.create("http://localhost:" + listener.getLocalPort() + "/push");
    }

    int connections() {
        return accepted.get();
    }

    int cuts() {
        return cuts.get();
    }

    /** Cuts the connection that carries the n-th byte from now on to the client. */
    void cutDownAfter(long bytes) {
        downBytesToCut.set(bytes);
    }

    /** Cuts the connection that carries the n-th byte from now on to the server. */
    void cutUpAfter(long bytes) {
        upBytesToCut.set(bytes);
    }

    /** Cuts everything that is open. */
    void cutAll() {
        open.forEach(CuttingRelay::close);
    }

    /** Lets no new connection through. */
    void refuse(boolean value) {
        refusing = value;
    }

    /** Lets nothing more through to the client, and keeps the connections open. */
    void swallow(boolean value) {
        swallowing = value;
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                accepted.incrementAndGet();
                if (refusing) {
                    close(client);
                    continue;
                }
                var server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                open.add(client);
                open.add(server);
                Thread.ofVirtual().name("relay-up").start(() -> pump(client, server, upBytesToCut, false));
                Thread.ofVirtual().name("relay-down").start(() -> pump(server, client, downBytesToCut, true));
            }
        } catch (IOException e) {
            // closed, at the end of the test
        }
    }

    private void pump(Socket from, Socket to, AtomicLong left, boolean down) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var buffer = new byte[4096];
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                int length = n;
                long before =
                        left.getAndUpdate(l -> l == Long.MAX_VALUE ? l : l <= length ? Long.MAX_VALUE : l - length);
                boolean cut = before != Long.MAX_VALUE && before <= length;
                if (!(down && swallowing)) {
                    out.write(buffer, 0, cut ? (int) before : length);
                }
                if (cut) {
                    cuts.incrementAndGet();
                    return;
                }
            }
        } catch (IOException e) {
            // one side is gone, and so will be the other
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone already
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cutAll();
    }
}
