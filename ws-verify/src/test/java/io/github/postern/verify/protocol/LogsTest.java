package io.github.postern.verify.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.Authentication;
import io.github.postern.push.PushClient;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushRequest;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import io.github.postern.push.PushToken;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is logged and told to JFR at the finest level: no secret, no token, no payload, and no line that a peer has written. */
@Timeout(60)
class LogsTest {
    private static final String TOKEN = "tokenOfAlice";
    private static final String PAYLOAD = "payloadOfTheApplication";
    private static final String NASTY = "bye\r\nSEVERE: forged \u001b[31m\u0085line\u2028end\u0000";

    private final Logger logger = Logger.getLogger("io.github.postern");
    private final Lines lines = new Lines();
    private final Queue<String> secrets = new ConcurrentLinkedQueue<>();
    private PushServer server;
    private Target target;

    @BeforeEach
    void start() throws IOException {
        logger.setLevel(Level.ALL);
        logger.setUseParentHandlers(false);
        logger.addHandler(lines);
        var options = PushOptions.defaults()
                .withExpiry(Duration.ofSeconds(5))
                .withSendTimeout(Duration.ofMillis(200))
                .withBodyTimeout(Duration.ofMillis(200));
        server = PushServer.builder()
                .options(options)
                .authenticator(this::authenticate)
                .path("/push", LogsTest::serve)
                .start();
        target = new Target(
                URI.create("http://127.0.0.1:" + server.port() + "/push"), Duration.ofSeconds(10), Optional.empty());
    }

    @AfterEach
    void stop() {
        target.close();
        server.close();
        logger.removeHandler(lines);
        logger.setUseParentHandlers(true);
        logger.setLevel(null);
    }

    /** Takes note of every secret that comes along. */
    private Authentication authenticate(PushRequest request) {
        request.header("Postern-Session").ifPresent(secrets::add);
        return request.token().orElse("").equals("wrong")
                ? Authentication.rejected(401)
                : Authentication.admitted("alice");
    }

    private static void serve(PushSession session) throws IOException {
        for (var message : session) {
            if (message.equals(new Message.Text("fail"))) {
                throw new IllegalStateException("the application's own words");
            }
            if (message.equals(new Message.Text("flood"))) {
                for (int i = 0; i < 5_000; i++) {
                    session.send(PAYLOAD);
                }
            }
            session.send(message);
        }
    }

    private static final class Lines extends Handler {
        private final Queue<String> all = new ConcurrentLinkedQueue<>();
        private final Queue<String> messages = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord record) {
            messages.add(new SimpleFormatter().formatMessage(record));
            all.add(new SimpleFormatter().format(record)); // with the stack trace, and so the messages of exceptions
            for (var thrown = record.getThrown(); thrown != null; thrown = thrown.getCause()) {
                messages.add(String.valueOf(thrown.getMessage()));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** A session's whole life over a transport, by our own client. */
    private void live(PushTransport transport) throws Exception {
        try (var session = PushClient.builder(target.uri())
                .transport(transport)
                .token(() -> PushToken.of(TOKEN))
                .connect()) {
            session.send(PAYLOAD);
            assertEquals(new Message.Text(PAYLOAD), session.receive());
            session.networkChanged();
            session.moveTo(transport == PushTransport.SSE ? PushTransport.LONG_POLLING : PushTransport.SSE);
            session.send(PAYLOAD);
            assertEquals(new Message.Text(PAYLOAD), session.receive());
            session.close(CloseStatus.of(3000, NASTY));
        }
        try (var session = PushClient.builder(target.uri())
                .transport(transport)
                .token(() -> PushToken.of(TOKEN))
                .connect()) {
            session.send("fail");
            session.forEach(message -> {});
            assertEquals(1011, session.closeInfo().orElseThrow().status().code());
        }
    }

    private Session open() throws Exception {
        var session = target.open();
        secrets.add(session.secret());
        return session;
    }

    /** All that can go wrong, from the side of a client that knows the secret. */
    private void fail() throws Exception {
        var session = open();
        Expect.status(409, session.post(9, "data:" + PAYLOAD + "\n\n"));
        Expect.status(400, session.post(1, "data:" + PAYLOAD));
        Expect.status(400, session.post(1, "event:binary\ndata:" + PAYLOAD + "!\n\n"));
        Expect.status(413, session.post(1, "data:" + PAYLOAD.repeat(5_000) + "\n\n"));
        Expect.status(
                408,
                target.ask(session.body(1, "data:" + PAYLOAD)
                        .without("Content-Length")
                        .with("Content-Length", 1_000)));
        var chunked = session.body(1, "zz\r\n").without("Content-Length").with("Transfer-Encoding", "chunked");
        Expect.status(400, target.ask(chunked));
        Expect.status(400, session.next().poll("sse", 77));
        Expect.status(401, target.ask(session.body(1, "data:x\n\n").with("Authorization", "Bearer wrong")));
        var old = session.body(1, "data:" + PAYLOAD + "\n\n");
        session.attach("sse", 0).cut();
        Expect.status(403, target.ask(old));
        Expect.status(200, session.post(1, "event:close\ndata:code=3000&reason=%0D%0ASEVERE:%20forged%1B[31m\n\n"));
        Expect.status(410, session.post(2, "data:x\n\n"));
        var flooded = open();
        flooded.send(1, "data:flood\n\n");
        for (var payload : List.of(
                "\2" + PAYLOAD, "\0event:attach\ndata:epoch=2&token=" + TOKEN + "\n\n", "\0nonsense" + PAYLOAD)) {
            var peer = WebSocketPeer.connect(target, "postern.v1");
            secrets.add(Session.of(target, peer, peer.attach("epoch=1&token=" + TOKEN))
                    .secret());
            peer.text(PAYLOAD);
            peer.binary(payload);
            peer.expectClose(4400);
        }
        var cut = WebSocketPeer.connect(target, "postern.v1");
        secrets.add(Session.of(target, cut, cut.attach("epoch=1")).secret());
        cut.cut();
        var wrong = WebSocketPeer.connect(target, "postern.v1");
        wrong.control("event:attach\ndata:epoch=1&token=wrong\n\n");
        wrong.expectClose(4401);
        var bare = WebSocketPeer.connect(target, "");
        bare.text(PAYLOAD);
        bare.close(3000, NASTY);
        bare.expectClose(3000);
        var stream = target.ask(Request.get());
        var id = String.valueOf(stream.event().id());
        secrets.add(id.substring(0, id.indexOf('.')));
        stream.cut();
        target.ask(Request.get().with("Last-Event-ID", id)).cut();
        target.ask(Request.get().with("Last-Event-ID", "\u001b[31m" + PAYLOAD)).cut();
        target.ask(Request.get().with("Postern-Epoch", "\u001b[31m" + PAYLOAD)).cut();
        target.ask(Request.get().with("Origin", "http://\u001b[31m" + PAYLOAD)).cut();
    }

    private static String records(Recording recording, Path file) throws IOException {
        recording.dump(file);
        var text = new StringBuilder();
        for (var event : RecordingFile.readAllEvents(file)) {
            if (event.getEventType().getName().startsWith("postern.")) {
                text.append(event).append('\n');
            }
        }
        return text.toString();
    }

    @Test
    void neither_logs_nor_jfr_show_secrets_tokens_or_payloads_or_lines_of_a_peer(@TempDir Path folder)
            throws Exception {
        String events;
        try (var recording = new Recording()) {
            for (var name : List.of(
                    "PushSessionOpened", "PushSessionClosed", "PushAttached", "PushDetached", "ConnectionClosed")) {
                recording.enable("postern." + name);
            }
            recording.start();
            for (var transport : PushTransport.values()) {
                live(transport);
            }
            fail();
            target.close();
            server.close();
            recording.stop();
            events = records(recording, folder.resolve("events.jfr"));
        }
        assertTrue(secrets.stream().distinct().count() >= 12, "secrets seen: " + secrets.size());
        var log = String.join("", lines.all);
        assertTrue(lines.messages.size() > 20, log);
        assertTrue(events.contains("PushSessionOpened") && events.contains("ConnectionClosed"), events);
        for (var text : List.of(log, events)) {
            for (var secret : secrets) {
                assertFalse(text.contains(secret), () -> "a secret in " + text);
            }
            assertFalse(text.contains(TOKEN), text);
            assertFalse(text.contains(PAYLOAD), text);
        }
        assertTrue(log.contains("PushSession["), "no session was logged at all");
        assertTrue(log.contains("forged"), "no reason of a peer was logged at all");
        for (var message : lines.messages) {
            assertTrue(message.chars().noneMatch(c -> Character.isISOControl(c) || c == '\u2028'), message);
        }
    }
}
