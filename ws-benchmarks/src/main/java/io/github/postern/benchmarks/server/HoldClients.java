package io.github.postern.benchmarks.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The process of the clients that {@link Hold} has, on one thread: its arguments are the server's port and their number. It warms the server up, and says
 * {@value LoadProcess#READY}; at the next line it opens them, each with a message echoed, and says so again. Of each further line, milliseconds, it answers
 * pings for so long, and then says how many of its connections the server has not ended, and how many pings of each it has answered at least. A line that begins with
 * {@value LoadProcess#FAILED} is its last.
 */
final class HoldClients {
    private static final Row ROW = Row.IDLE;

    /** How many are opened before those that are there are looked after again. */
    private static final int OPENED_AT_ONCE = 200;

    private static final int READ_SIZE = 4096;
    private static final long POLL_MILLIS = 20;

    private final int port;
    private final Selector selector;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_SIZE);

    private HoldClients(int port, Selector selector) {
        this.port = port;
        this.selector = selector;
    }

    public static void main(String[] arguments) throws IOException {
        try (var selector = Selector.open();
                var commands = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            new HoldClients(Integer.parseInt(arguments[0]), selector).run(Integer.parseInt(arguments[1]), commands);
        } catch (IOException | RuntimeException e) {
            System.out.println(LoadProcess.FAILED + e);
            throw e;
        }
    }

    private void run(int number, BufferedReader commands) throws IOException {
        IdleLoad.warmUp(ROW, port);
        System.out.println(LoadProcess.READY);
        if (commands.readLine() != null) {
            open(number);
            System.out.println(LoadProcess.READY);
        }
        for (var line = commands.readLine(); line != null; line = commands.readLine()) {
            hold(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(line)));
            System.out.println(open() + " " + fewestPongs());
        }
    }

    private void open(int number) throws IOException {
        var message = ClientMessage.of(ROW);
        var frames = SentFrames.of(message, 1);
        for (int i = 0; i < number; i++) {
            var client = Client.connect(port, Layer.NONE);
            client.exchange(message);
            var connection = new LoadConnection(client, frames, message.replies(), selector);
            connections.add(connection);
            connection.register();
            if (i % OPENED_AT_ONCE == 0) {
                selector.selectNow(this::ready);
            }
        }
    }

    private void hold(long nanos) throws IOException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < nanos) {
            selector.select(this::ready, POLL_MILLIS);
        }
    }

    private void ready(SelectionKey key) {
        var connection = (LoadConnection) key.attachment();
        try {
            connection.read(buffer);
        } catch (IOException e) {
            System.err.println("a connection is lost: " + e);
            drop(connection);
        }
    }

    private static void drop(LoadConnection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long open() {
        return connections.stream().filter(LoadConnection::isOpen).count();
    }

    private int fewestPongs() {
        return connections.stream().mapToInt(LoadConnection::pongs).min().orElse(0);
    }
}
