package io.github.postern.samples;

import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.server.ServerOptions;
import io.github.postern.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Shows pings and pongs, and how long either side takes to notice that the cable between them is pulled. */
final class Heartbeat {
    private static final long START = System.nanoTime();

    private Heartbeat() {}

    public static void main(String[] args) throws Exception {
        var command = Arguments.command(
                        "heartbeat",
                        "Pings and pongs, and how long it takes to notice that a cable is pulled.",
                        "",
                        "A server and a client in this process keep a connection alive that says nothing. Then nothing"
                                + " passes any more, and neither is told, as when somebody pulls a cable: TCP alone would"
                                + " notice nothing for hours. Each side gives up when its ping is not answered in time.",
                        "")
                .addOption(Arguments.number(
                        "--interval", "MILLIS", 1000, "After so much silence of the other side a ping is sent"))
                .addOption(Arguments.number(
                        "--timeout", "MILLIS", 2000, "How long after it the other side may stay silent"))
                .addOption(Arguments.number("--after", "MILLIS", 3500, "When the cable is pulled"));
        Arguments.run(command, args, Heartbeat::run);
    }

    private static int run(Arguments arguments) throws Exception {
        var interval = Duration.ofMillis(arguments.number("--interval", 100, 60_000));
        var timeout = Duration.ofMillis(arguments.number("--timeout", 100, 60_000));
        var options = ConnectionOptions.defaults().withPingInterval(interval).withPongTimeout(timeout);
        var ended = new CountDownLatch(2);
        var cable = new Cable();
        try (var server = WebSocketServer.builder()
                .host(InetAddress.getLoopbackAddress())
                .options(ServerOptions.defaults().withConnection(options))
                .path("/", ws -> listen("server", ws, cable, ended))
                .start()) {
            var client = WebSocketClient.builder()
                    .options(options)
                    .transport(transport ->
                            new Tap(cable.between(transport), trace("client → server  "), trace("server → client  ")))
                    .build();
            client.connect(
                    URI.create("ws://localhost:" + server.port() + "/"), ws -> listen("client", ws, cable, ended));
            if (!ended.await(arguments.number("--after", 0, 600_000), TimeUnit.MILLISECONDS)) {
                say("the cable is pulled: nothing passes any more, and nobody is told");
                cable.pull();
            }
            ended.await();
            System.out.printf("""

                    A side that has heard nothing for %,d ms (--interval) sends a ping, and gives up when it hears nothing for
                    %,d ms more (--timeout). A watchdog looks at both times, and may be late by a quarter of the shorter one.
                    """, interval.toMillis(), timeout.toMillis());
        }
        return 0;
    }

    /** Either side: waits for messages that nobody sends, to the end of the connection. */
    private static void listen(String side, WebSocket ws, Cable cable, CountDownLatch ended) {
        ws.forEach(message -> {});
        var info = ws.closeInfo().orElseThrow();
        say("the " + side + " has noticed, "
                + (cable.isPulled() ? cable.millisSincePulled() + " ms after the cable was pulled: " : "") + info);
        ended.countDown();
    }

    private static FrameTrace trace(String direction) {
        return new FrameTrace(
                head -> say(direction + head.lines().findFirst().orElse("")), frame -> say(direction + frame));
    }

    private static void say(String what) {
        System.out.printf("%7.3f s  %s%n", (System.nanoTime() - START) / 1e9, what);
    }

    /** Lies between the client and its socket. When it is pulled, bytes vanish both ways, and so does the news that a side has closed. */
    private static final class Cable {
        private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

        /** When it was pulled, in nanoseconds; 0 before. */
        private volatile long pulledAt;

        void pull() {
            pulledAt = System.nanoTime();
        }

        boolean isPulled() {
            return pulledAt != 0;
        }

        long millisSincePulled() {
            return (System.nanoTime() - pulledAt) / 1_000_000;
        }

        Transport between(Transport socket) {
            return new Transport() {
                private volatile boolean closed;

                @Override
                public int read(ByteBuffer dst, long timeoutNanos) throws IOException {
                    long begin = System.nanoTime();
                    while (timeoutNanos == 0 || System.nanoTime() - begin < timeoutNanos) {
                        int from = dst.position();
                        int count = isPulled() ? 0 : socket.read(dst, GLANCE_NANOS);
                        if (count != 0 && !isPulled()) {
                            return count;
                        }
                        dst.position(from); // what came since the cable was pulled is lost
                        if (closed) {
                            throw new SocketException("closed");
                        }
                        if (isPulled()) {
                            LockSupport.parkNanos(GLANCE_NANOS);
                        }
                    }
                    return 0;
                }

                @Override
                public void write(ByteBuffer src) throws IOException {
                    if (!isPulled()) {
                        socket.write(src);
                    }
                    src.position(src.limit());
                }

                @Override
                public void shutdownOutput() throws IOException {
                    if (!isPulled()) {
                        socket.shutdownOutput();
                    }
                }

                @Override
                public void close() {
                    closed = true;
                    if (!isPulled()) {
                        socket.close();
                    }
                }
            };
        }
    }
}
