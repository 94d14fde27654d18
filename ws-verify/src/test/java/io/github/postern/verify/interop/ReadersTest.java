package io.github.postern.verify.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushClient;
import io.github.postern.ws.connection.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.sse.EventSource;
import okhttp3.sse.EventSourceListener;
import okhttp3.sse.EventSources;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs of others read ten thousand hard texts as they were sent, and ours exactly so. */
@Timeout(180)
class ReadersTest {
    private static final int CUT_AFTER = 3_000;

    private static void assertAllRead(List<String> texts) {
        assertEquals(ManyEvents.COUNT, texts.size());
        for (int n = 0; n < ManyEvents.COUNT; n++) {
            assertEquals(ManyEvents.AS_LINES.get(n), texts.get(n), "message " + (n + 1));
        }
    }

    /** Follows with curl until so many messages have come or the last one has, and cuts it off. */
    private static void curl(ManyEvents server, EventStreamReader reader, int most) throws IOException {
        var command = new ArrayList<>(List.of("curl", "-sN", server.uri().toString()));
        if (!reader.lastId().isEmpty()) {
            command.addAll(List.of("-H", "Last-Event-ID: " + reader.lastId()));
        }
        var process = new ProcessBuilder(command).start();
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                reader.line(line);
                if (reader.messages().size() >= most || "end".equals(reader.last())) {
                    return;
                }
            }
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void curl_reads_all_and_goes_on_where_it_was_cut_off() throws Exception {
        Npm.requireOnPath("curl");
        try (var server = ManyEvents.serve()) {
            var reader = new EventStreamReader();
            curl(server, reader, CUT_AFTER);
            assertEquals(CUT_AFTER, reader.messages().size());
            assertTrue(reader.lastId().endsWith("." + CUT_AFTER), "an id of message " + CUT_AFTER);
            curl(server, reader, Integer.MAX_VALUE);
            assertEquals("end", reader.messages().removeLast());
            assertAllRead(reader.messages());
        }
    }

    @Test
    void the_npm_package_eventsource_reads_all() throws Exception {
        Npm.install("eventsource@5.1.5");
        try (var server = ManyEvents.serve()) {
            var output = Npm.node("eventsource-all.mjs", server.uri().toString());
            assertEquals(ManyEvents.COUNT + " " + ManyEvents.digest(ManyEvents.AS_LINES), output.strip());
        }
    }

    @Test
    void the_jdk_s_client_reads_all() throws Exception {
        try (var server = ManyEvents.serve();
                var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(server.uri()).build();
            var reader = new EventStreamReader();
            try (var lines = http.send(request, BodyHandlers.ofLines()).body()) {
                for (var all = lines.iterator(); !"end".equals(reader.last()); ) {
                    reader.line(all.next());
                }
            }
            assertEquals("end", reader.messages().removeLast());
            assertAllRead(reader.messages());
        }
    }

    @Test
    void ok_http_reads_all() throws Exception {
        var client =
                new OkHttpClient.Builder().readTimeout(Duration.ofMinutes(1)).build();
        var read = new CompletableFuture<List<String>>();
        var listener = new EventSourceListener() {
            private final List<String> texts = new ArrayList<>();

            @Override
            public void onEvent(EventSource source, @Nullable String id, @Nullable String type, String data) {
                if (data.equals("end")) {
                    read.complete(texts);
                } else {
                    texts.add(data);
                }
            }

            @Override
            public void onFailure(EventSource source, @Nullable Throwable failure, @Nullable Response response) {
                read.completeExceptionally(new IOException("read " + texts.size(), failure));
            }
        };
        try (var server = ManyEvents.serve()) {
            var request = new Request.Builder().url(server.uri().toString()).build();
            var source = EventSources.createFactory(client).newEventSource(request, listener);
            try {
                assertAllRead(read.get(2, TimeUnit.MINUTES));
            } finally {
                source.cancel();
            }
        } finally {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }

    /** With CR and all. */
    @Test
    void our_client_reads_all_exactly() throws Exception {
        try (var server = ManyEvents.serve();
                var client = PushClient.connect(server.uri())) {
            for (int n = 0; n < ManyEvents.COUNT; n++) {
                assertEquals(new Message.Text(ManyEvents.SENT.get(n)), client.receive(), "message " + (n + 1));
            }
        }
    }
}
