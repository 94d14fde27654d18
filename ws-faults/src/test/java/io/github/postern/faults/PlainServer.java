package io.github.postern.faults;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A server that knows a little HTTP/1.1: it echoes bodies, streams ({@code /stream}: "one", and "two" when it may), hangs ({@code /hang}, until it may go on),
 * and echoes the bytes behind an upgrade.
 */
final class PlainServer implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final Semaphore mayGoOn = new Semaphore(0);
    private final Thread acceptor;

    PlainServer() {
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        acceptor = Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The next request that has come, as method, target and body. */
    String takeRequest() throws InterruptedException {
        return take(requests);
    }

    /** How the next connection that has ended did so: "end" or "reset". */
    String takeEnd() throws InterruptedException {
        return take(ends);
    }

    /** What came next behind an upgrade. */
    String takeFrames() throws InterruptedException {
        return take(frames);
    }

    private static String take(BlockingQueue<String> queue) throws InterruptedException {
        var next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertNotNull(next);
        return next;
    }

    /** Whether nothing comes for a tenth of a second. */
    boolean isLeftAlone() throws InterruptedException {
        return requests.poll(100, TimeUnit.MILLISECONDS) == null && frames.isEmpty() && ends.isEmpty();
    }

    /** Lets one response that waits go on. */
    void goOn() {
        mayGoOn.release();
    }

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed, at the end of the test
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new ByteSource(socket.getInputStream(), () -> {});
            while (in.fill()) {
                var head = in.head();
                var request = Request.parse(head);
                var body = new ByteArrayOutputStream();
                in.body(Framing.ofRequest(head), body::write);
                var text = body.toString(StandardCharsets.UTF_8);
                requests.add((request.method() + " " + request.target() + " " + text).strip());
                answer(request, text, in, socket.getOutputStream());
                if (request.field("Connection").orElse("").equals("close")) {
                    break;
                }
            }
            ends.add("end");
        } catch (IOException | InterruptedException e) {
            ends.add("reset");
        }
    }

    private void answer(Request request, String body, ByteSource in, OutputStream out)
            throws IOException, InterruptedException {
        if (request.isUpgrade()) {
            write(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            in.rest((bytes, offset, length) -> {
                frames.add(new String(bytes, offset, length, StandardCharsets.US_ASCII));
                out.write(bytes, offset, length);
            });
            return;
        }
        switch (request.path()) {
            case "/stream" -> {
                write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
                waitToGoOn();
                write(out, "3\r\ntwo\r\n0\r\n\r\n");
            }
            case "/hang" -> {
                waitToGoOn();
                whole(out, "late");
            }
            default -> whole(out, body);
        }
    }

    private void waitToGoOn() throws InterruptedException {
        assertTrue(mayGoOn.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    private static void whole(OutputStream out, String body) throws IOException {
        write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Ends everything. Nobody gets in afterwards: what a virtual thread listens to is only closed when that thread has left it. */
    @Override
    public void close() throws IOException {
        listener.close();
        try {
            assertTrue(acceptor.join(Duration.ofSeconds(PATIENCE_SECONDS)));
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while the server ends");
        }
        for (var socket : open) {
            socket.close();
        }
    }
}
