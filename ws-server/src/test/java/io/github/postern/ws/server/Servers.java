package io.github.postern.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.WebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts servers and closes them after the test, which fails if a server then still counts somebody or has a thread. */
final class Servers implements AfterEachCallback {
    static final ConnectionHandler<WebSocket> ECHO = ws -> {
        for (var message : ws) {
            ws.send(message);
        }
    };

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final List<WebSocketServer> started = new ArrayList<>();

    /** A server of the loopback address, not yet started. */
    static WebSocketServer.Builder loopback() {
        return WebSocketServer.builder().host(InetAddress.getLoopbackAddress());
    }

    WebSocketServer start(WebSocketServer.Builder builder) throws IOException {
        var server = builder.start();
        started.add(server);
        return server;
    }

    /** Waits, for a while at most, until something is so; whether it is. */
    static boolean eventually(BooleanSupplier fact) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return true;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        started.forEach(WebSocketServer::close);
        for (var server : started) {
            eventually(() -> server.present() == 0);
            assertEquals(0, server.present(), "sockets that were not given back");
        }
        eventually(() -> threads().isEmpty());
        assertEquals(List.of(), threads(), "threads of servers");
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("postern-accept") || name.startsWith("postern-deadlines"))
                .toList();
    }
}
