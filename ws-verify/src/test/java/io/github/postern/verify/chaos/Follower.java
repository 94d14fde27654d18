package io.github.postern.verify.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** A bare client (PROTOCOL.md §13) on a socket and a virtual thread: follows numbered messages over SSE, and checks their order. */
final class Follower implements AutoCloseable {
    private static final String DATA = "data:";

    private final Socket socket;
    private final IntToLongFunction sentAt;
    private final Thread thread;

    // written by the thread, and read when it has ended

    private int last;
    private long longestDelay;
    private @Nullable String failure;

    /**
     * A follower that has the head of its response.
     *
     * @param sentAt when a number was published, in nanoseconds
     */
    Follower(int port, IntToLongFunction sentAt) throws IOException {
        this.sentAt = sentAt;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream()
                .write(("GET /push HTTP/1.1\r\nHost: localhost:" + port + "\r\nAccept: text/event-stream\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        if (!in.readLine().contains(" 200 ")) {
            throw new IOException("no stream");
        }
        thread = Thread.ofVirtual().name("follower").start(() -> follow(in));
    }

    private void follow(BufferedReader in) {
        try {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith(DATA)) {
                    take(line.substring(DATA.length()));
                }
                if (line.equals("event:close")) {
                    return;
                }
            }
            failure = "the stream has ended";
        } catch (IOException e) {
            failure = e.toString();
        }
    }

    private void take(String data) {
        int number = Integer.parseInt(data);
        if (number != last + 1) {
            failure = "expected " + (last + 1) + ", got " + number;
        }
        last = number;
        longestDelay = Math.max(longestDelay, System.nanoTime() - sentAt.applyAsLong(number));
    }

    /** Waits for the close of the session, and returns the number of the last message. */
    int awaitLast() throws InterruptedException {
        thread.join();
        if (failure != null) {
            throw new AssertionError(failure);
        }
        return last;
    }

    /** How late the latest message was. To be called behind {@link #awaitLast}. */
    long longestDelayMillis() {
        return longestDelay / 1_000_000;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
