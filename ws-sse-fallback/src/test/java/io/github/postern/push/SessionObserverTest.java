package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.ConnectionListener;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What listeners, metrics and JFR tell of a session. */
@Timeout(60)
class SessionObserverTest {
    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<PushSession> sessions = new LinkedBlockingQueue<>();

    private final class Hearing implements PushListener {
        @Override
        public void opened(PushSession session) {
            heard.add("opened");
        }

        @Override
        public void attached(PushSession session, PushTransport transport) {
            heard.add("attached " + transport);
        }

        @Override
        public void resumed(PushSession session, PushTransport transport, int replayed) {
            heard.add("resumed " + transport + " " + replayed);
        }

        @Override
        public void transportChanged(PushSession session, PushTransport from, PushTransport to) {
            heard.add("changed " + from + " " + to);
        }

        @Override
        public void detached(PushSession session, PushTransport transport) {
            heard.add("detached " + transport);
        }

        @Override
        public void ended(PushSession session, CloseInfo info) {
            heard.add("ended " + info.status().code());
        }
    }

    private PushServer start() throws IOException {
        return PushServer.builder()
                .addListener(new Hearing())
                .path("/push", session -> {
                    sessions.add(session);
                    session.forEach(message -> {});
                })
                .start();
    }

    private void expect(String... events) throws InterruptedException {
        for (var event : events) {
            assertEquals(event, heard.take());
        }
    }

    @Test
    void listeners_hear_of_attaching_resuming_moving_and_the_end() throws Exception {
        try (var server = start();
                var client = new TestClient(server.port())) {
            var session = client.open(PushTransport.SSE);
            expect("opened", "attached SSE");
            var pushed = sessions.take();
            pushed.send("one");
            pushed.send("two");
            HttpTransportsTest.expect(session.stream, 1, "one");
            HttpTransportsTest.expect(session.stream, 2, "two");
            HttpTransportsTest.await(() -> pushed.bufferedAmount() == 0);
            try (var poll = session.attach(PushTransport.LONG_POLLING, 1)) {
                assertEquals("attached", poll.next().event());
            }
            expect("detached SSE", "attached LONG_POLLING", "resumed LONG_POLLING 1", "changed SSE LONG_POLLING");
            try (var next = session.poll(PushTransport.LONG_POLLING, 1)) {
                assertEquals(200, next.status());
            }
            var socket = TestWebSocket.open(client.http(), server.port(), "postern.v1");
            socket.control("event:attach\nid:2\ndata:epoch=3&session=" + session.secret + "\n\n");
            socket.nextControl("attached");
            expect("attached WEBSOCKET", "resumed WEBSOCKET 0", "changed LONG_POLLING WEBSOCKET");
            socket.control("event:close\nid:1\ndata:code=1000\n\n");
            socket.nextControl("close");
            expect("ended 1000");
        }
    }

    @Test
    void metrics_count_what_each_transport_carries() throws Exception {
        try (var server = start();
                var client = new TestClient(server.port())) {
            var session = client.open(PushTransport.SSE);
            var pushed = sessions.take();
            pushed.send("abc");
            HttpTransportsTest.expect(session.stream, 1, "abc");
            assertEquals(200, session.post(1, "data:hello\n\n").statusCode());
            assertEquals(204, session.post(1, "data:hello\n\n").statusCode());
            assertEquals(204, session.acknowledge(1).statusCode());
            HttpTransportsTest.await(() -> pushed.bufferedAmount() == 0);
            var metrics = server.metrics();
            assertEquals(new PushMetrics.Carried(1, 1, 1, 3, 5, 0, 1), metrics.carriedBy(PushTransport.SSE));
            assertEquals(1, metrics.opened());
            assertEquals(1, metrics.attached());
            assertEquals(0, metrics.away());
            assertEquals(Map.of(), metrics.ended());
            pushed.send("d");
            HttpTransportsTest.expect(session.stream, 2, "d");
            HttpTransportsTest.await(() -> pushed.bufferedAmount() == 0);
            var poll = session.attach(PushTransport.POLLING, 1);
            assertEquals(2, poll.rest().size());
            HttpTransportsTest.await(() -> server.metrics().away() == 1);
            assertEquals(
                    new PushMetrics.Carried(1, 1, 0, 1, 0, 1, 0),
                    server.metrics().carriedBy(PushTransport.POLLING));
            pushed.abort();
            assertEquals(Map.of(1006, 1L), server.metrics().ended());
            assertEquals(0, server.metrics().away());
        }
    }

    @Test
    void jfr_is_told_of_sessions_and_attachments(@TempDir Path folder) throws Exception {
        try (var recording = new Recording();
                var server = start();
                var client = new TestClient(server.port())) {
            for (var event : List.of("PushSessionOpened", "PushSessionClosed", "PushAttached", "PushDetached")) {
                recording.enable("postern." + event);
            }
            recording.start();
            client.open(PushTransport.SSE).stream.close();
            var pushed = sessions.take();
            pushed.abort();
            HttpTransportsTest.await(() -> heard.contains("detached SSE"));
            recording.stop();
            var file = folder.resolve("events.jfr");
            recording.dump(file);
            var events = RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().startsWith("postern.Push"))
                    .toList();
            assertTrue(
                    events.stream().allMatch(event -> event.getString("session").equals(pushed.id())));
            assertEquals(
                    List.of("PushAttached", "PushDetached", "PushSessionClosed", "PushSessionOpened"),
                    events.stream().map(SessionObserverTest::name).sorted().toList());
        }
    }

    private static String name(RecordedEvent event) {
        return event.getEventType().getName().substring("postern.".length());
    }

    /** The listener style of ws-connection runs over a push session as over any connection. */
    @Test
    void a_connection_listener_serves_a_session() throws Exception {
        var listener = new ConnectionListener<PushSession>() {
            @Override
            public void onOpen(PushSession session) throws IOException {
                session.send("welcome");
            }

            @Override
            public void onText(PushSession session, String text) throws IOException {
                session.send("you said " + text);
            }

            @Override
            public void onClose(PushSession session, CloseInfo info) {
                heard.add("closed " + info.status().code());
            }
        };
        try (var server = PushServer.builder().path("/push", listener).start();
                var client = PushClient.connect(URI.create("http://localhost:" + server.port() + "/push"))) {
            client.send("hi");
            assertEquals("Text[text=welcome]", client.receive().toString());
            assertEquals("Text[text=you said hi]", client.receive().toString());
            client.close(CloseStatus.NORMAL);
            expect("closed 1000");
        }
    }
}
