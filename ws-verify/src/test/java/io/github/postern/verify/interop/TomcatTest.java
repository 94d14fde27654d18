package io.github.postern.verify.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushClient;
import io.github.postern.push.PushSession;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.function.IntSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code PushServlet} on Tomcat, with no class of Jetty within its reach. */
@Timeout(120)
class TomcatTest {
    private static URLClassLoader loader;
    private AutoCloseable server;
    private int port;

    @BeforeAll
    static void leaveJettyOut() throws Exception {
        loader = new URLClassLoader(classPathWithoutJetty(), ClassLoader.getPlatformClassLoader());
        assertThrows(ClassNotFoundException.class, () -> loader.loadClass("org.eclipse.jetty.server.Server"));
        assertThrows(ClassNotFoundException.class, () -> loader.loadClass("org.eclipse.jetty.io.EndPoint"));
    }

    @AfterAll
    static void closeLoader() throws Exception {
        loader.close();
    }

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        var made = loader.loadClass(TomcatServer.class.getName())
                .getDeclaredConstructor(Path.class)
                .newInstance(folder);
        server = assertInstanceOf(AutoCloseable.class, made);
        port = assertInstanceOf(IntSupplier.class, made).getAsInt();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static URL[] classPathWithoutJetty() throws MalformedURLException {
        var urls = new ArrayList<URL>();
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.contains("jetty")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }

    private PushClient.Builder client(String path) {
        return PushClient.builder(URI.create("http://localhost:" + port + path));
    }

    @ParameterizedTest
    @EnumSource(PushTransport.class)
    void carries_messages_both_ways_over_every_transport(PushTransport transport) throws Exception {
        try (var push = client("/push").transport(transport).connect()) {
            for (int i = 0; i < 20; i++) {
                push.send("message \u20ac\r\n" + i);
                push.send(ByteBuffer.wrap(new byte[] {0, (byte) i}));
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(new Message.Text("message \u20ac\r\n" + i), push.receive());
                assertEquals(new Message.Binary(ByteBuffer.wrap(new byte[] {0, (byte) i})), push.receive());
            }
            var large = "x".repeat(60_000);
            push.send(large);
            assertEquals(new Message.Text(large), push.receive());
            assertEquals(transport, push.transport());
        }
    }

    @ParameterizedTest
    @EnumSource(PushTransport.class)
    void both_sides_close(PushTransport transport) throws Exception {
        var closing = client("/push").transport(transport).connect();
        closing.close(CloseStatus.of(4001, "bye"));
        assertEquals(
                CloseStatus.of(4001, "bye"), closing.closeInfo().orElseThrow().received());
        var closed = client("/push").transport(transport).connect();
        closed.send("close");
        var end = assertThrows(ConnectionClosedException.class, closed::receive);
        assertEquals(CloseStatus.of(4000, "done"), end.closeInfo().received());
    }

    @ParameterizedTest
    @EnumSource(PushTransport.class)
    void a_stop_is_told_to_clients(PushTransport transport) throws Exception {
        var push = client("/push").transport(transport).connect();
        push.send("a");
        assertEquals(new Message.Text("a"), push.receive());
        server.close();
        var end = assertThrows(ConnectionClosedException.class, push::receive);
        assertEquals(1001, end.closeInfo().status().code());
        assertEquals(0, push.unconfirmed());
    }

    @Test
    void a_plain_websocket_client_is_served_through_the_upgrade() throws Exception {
        var uri = URI.create("ws://localhost:" + port + "/push");
        try (var socket = WebSocketClient.builder().build().connect(uri)) {
            socket.send("a");
            assertEquals(new Message.Text("a"), socket.receive());
            socket.close(CloseStatus.NORMAL);
            assertEquals(CloseStatus.NORMAL, socket.closeInfo().orElseThrow().received());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void where_there_is_no_upgrade_clients_use_http_and_the_log_says_so_once(int times) throws Exception {
        var warnings = new Warnings();
        var logger = Logger.getLogger("io.github.postern.push.WebSocketAcceptor");
        logger.addHandler(warnings);
        try {
            for (int i = 0; i < times; i++) {
                try (PushSession push = client("/plain").connect()) {
                    assertEquals(PushTransport.SSE, push.transport());
                    push.send("a");
                    assertEquals(new Message.Text("a"), push.receive());
                }
            }
        } finally {
            logger.removeHandler(warnings);
        }
        assertEquals(1, warnings.count);
    }

    private static final class Warnings extends Handler {
        private volatile int count;

        @Override
        public synchronized void publish(LogRecord entry) {
            if (entry.getLevel().equals(Level.WARNING)) {
                assertTrue(entry.getMessage().contains("no WebSocket"));
                count++;
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
