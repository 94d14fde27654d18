package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A server or proxy on loopback, on real sockets, that does with each connection what a test says. Closing it fails the test
 * if a client keeps a connection, or with what failed first while it served one.
 */
final class Peer implements AutoCloseable {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What to do with one connection; it is closed, for output first, afterwards. */
    @FunctionalInterface
    interface Conduct {
        void serve(Visit visit) throws Exception;
    }

    /** One connection. */
    final class Visit {
        final Socket socket;

        private Visit(Socket socket) {
            this.socket = socket;
        }

        /** The next request head, as far as it comes. */
        String head() throws IOException {
            var head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    break;
                }
                head.write(next);
            }
            var text = head.toString(StandardCharsets.ISO_8859_1);
            heads.add(text);
            return text;
        }

        void write(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Waits for the client to go. */
        void awaitEnd() throws IOException {
            while (socket.getInputStream().read() >= 0) {
                // what it still says
            }
        }
    }

    private final ServerSocket listener;
    private final Conduct conduct;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private final LinkedBlockingQueue<String> heads = new LinkedBlockingQueue<>();

    private final LinkedBlockingQueue<Visit> visits = new LinkedBlockingQueue<>();

    /** What a conduct expected and did not get; null if all went well. */
    private final AtomicReference<@Nullable Error> failure = new AtomicReference<>();

    Peer(ServerSocket listener, Conduct conduct) {
        this.listener = listener;
        this.conduct = conduct;
        threads.add(Thread.ofVirtual().start(this::accept));
    }

    Peer(Conduct conduct) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), conduct);
    }

    /** What to answer to a request head. */
    @FunctionalInterface
    interface Answer {
        String to(String head) throws Exception;
    }

    /** Answers one request on each connection. */
    static Peer answering(Answer answer) throws IOException {
        return new Peer(visit -> visit.write(answer.to(visit.head())));
    }

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept();
                sockets.add(socket);
                var visit = new Visit(socket);
                visits.add(visit);
                threads.add(Thread.ofVirtual().start(() -> serve(visit)));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Visit visit) {
        try (var socket = visit.socket) {
            conduct.serve(visit);
            socket.shutdownOutput();
            visit.awaitEnd();
        } catch (Exception e) {
            // the client is gone, or has no wish for TLS with this one
        } catch (Error e) {
            failure.compareAndSet(null, e);
        }
    }

    /** The next request head. */
    String head() throws InterruptedException {
        var head = heads.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertTrue(head != null, "no request came");
        return head;
    }

    /** The next connection. */
    Visit visit() throws InterruptedException {
        var visit = visits.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertTrue(visit != null, "nobody connected");
        return visit;
    }

    /** How many connections came that were not asked for. */
    int moreVisits() {
        return visits.size();
    }

    /** Whether nobody connects for a tenth of a second. */
    boolean isLeftAlone() throws InterruptedException {
        return visits.poll(100, TimeUnit.MILLISECONDS) == null;
    }

    int port() {
        return listener.getLocalPort();
    }

    URI uri(String path) {
        return URI.create("ws://localhost:" + port() + path);
    }

    /** The response that accepts a request. */
    static String accepted(String head, String... extra) throws NoSuchAlgorithmException {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + acceptKey(field(head, "Sec-WebSocket-Key")) + "\r\n" + String.join("", extra) + "\r\n";
    }

    private static String acceptKey(String key) throws NoSuchAlgorithmException {
        var digest = MessageDigest.getInstance("SHA-1");
        return Base64.getEncoder().encodeToString(digest.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
    }

    /** The value of a field of a head, or an empty string. */
    static String field(String head, String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ':', 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() throws IOException {
        listener.close();
        boolean allGone = true;
        for (var thread : threads) {
            allGone &= hasEnded(thread);
        }
        for (var socket : sockets) {
            socket.close();
        }
        var failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        assertTrue(allGone, "a client has kept its connection");
    }

    private static boolean hasEnded(Thread thread) throws IOException {
        try {
            return thread.join(PATIENCE);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while clients go");
        }
    }
}
