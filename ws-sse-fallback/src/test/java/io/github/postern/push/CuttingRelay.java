package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** A TCP relay before a server, which cuts connections in the middle of what they carry, refuses new ones, or mutes them. */
final class CuttingRelay implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** How many bytes from the server pass before the connection that carries them is cut; counted over all. */
    private final AtomicLong downBytesToCut = new AtomicLong(Long.MAX_VALUE);

    private final AtomicLong upBytesToCut = new AtomicLong(Long.MAX_VALUE);
    /** The first of what the server said. */
    private final ByteArrayOutputStream overheard = new ByteArrayOutputStream();

    private final AtomicInteger cuts = new AtomicInteger();
    private volatile boolean refusing;

    /** Sockets of clients to which nothing more gets through. */
    private final Set<Socket> muted = ConcurrentHashMap.newKeySet();

    CuttingRelay(int target) throws IOException {
        this(target, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /** A relay that listens as it is told, for instance with TLS. */
    CuttingRelay(int target, ServerSocket listener) {
        this.target = target;
        this.listener = listener;
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    URI uri() {
        return URI.create("http://localhost:" + listener.getLocalPort() + "/push");
    }

    /** The secret of the first session, as the server told it. */
    String overheardSecret() {
        var secret = Pattern.compile("session=([A-Za-z0-9_-]+)").matcher(overheard.toString(StandardCharsets.US_ASCII));
        assertTrue(secret.find());
        return secret.group(1);
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

    /** Lets nothing more through to clients on the connections that are open now, and keeps them open. */
    void mute() {
        muted.addAll(open);
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                if (refusing) {
                    close(client);
                    continue;
                }
                var server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                open.add(client);
                open.add(server);
                Thread.ofVirtual().name("relay-up").start(() -> pump(client, server, upBytesToCut));
                Thread.ofVirtual().name("relay-down").start(() -> pump(server, client, downBytesToCut));
            }
        } catch (IOException e) {
            // closed, at the end of the test
        }
    }

    private void pump(Socket from, Socket to, AtomicLong left) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var buffer = new byte[4096];
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                int length = n;
                if (from.getPort() == target && overheard.size() < buffer.length) {
                    overheard.write(buffer, 0, n);
                }
                long before =
                        left.getAndUpdate(l -> l == Long.MAX_VALUE ? l : l <= length ? Long.MAX_VALUE : l - length);
                boolean cut = before != Long.MAX_VALUE && before <= length;
                if (!muted.contains(from) || from.getPort() != target) {
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
