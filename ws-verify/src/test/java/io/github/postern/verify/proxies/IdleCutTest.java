package io.github.postern.verify.proxies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.postern.push.ClientPushSession;
import io.github.postern.push.PushClient;
import io.github.postern.push.PushClientOptions;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/** Sessions without a message for longer than {@code proxy_read_timeout}. */
@Timeout(60)
@EnabledIf(value = ProxyProgram.NGINX_INSTALLED, disabledReason = "nginx is " + ProxyProgram.MISSING)
class IdleCutTest {
    private static final String CONFIGURATION = """
            upstream push { server 127.0.0.1:8081; }
            map $http_upgrade $connection_header { websocket upgrade; }
            server {
                listen 80;
                proxy_http_version 1.1;
                proxy_set_header Host $http_host;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection $connection_header;
                proxy_read_timeout 2s;
                location / { proxy_pass http://push; }
                location = /warm { proxy_read_timeout 60s; proxy_pass http://push/lively; }
            }
            """;

    private static final Duration SHORTER = Duration.ofMillis(500);

    /** Longer than nginx waits. */
    private static final Duration IDLE = Duration.ofMillis(3_500);

    private static PushServer server;
    private static ReverseProxy nginx;

    @BeforeAll
    static void start() throws Exception {
        server = PushServer.builder()
                .path("/patient", IdleCutTest::echo)
                .path("/lively", IdleCutTest::echo, PushOptions.defaults().withHeartbeat(SHORTER))
                .start();
        nginx = ReverseProxy.start(ProxyProgram.NGINX, CONFIGURATION, Map.of(8081, server.port()));
        everyTransport(
                "/warm", (session, interruptions) -> {}); // so that loading classes takes no time from what follows
    }

    @AfterAll
    static void stop() throws Exception {
        nginx.close();
        server.close();
        assertEquals(List.of(), ReverseProxy.leaked());
    }

    private static void echo(Connection session) throws IOException {
        for (var message : session) {
            session.send(message);
        }
    }

    @FunctionalInterface
    private interface Scene {
        void play(ClientPushSession session, Interruptions interruptions) throws Exception;
    }

    /** On all of them at once, since most of it is waiting. */
    private static void everyTransport(String path, Scene scene) throws Exception {
        var all = new ArrayList<FutureTask<Void>>();
        for (var transport : PushTransport.values()) {
            var one = new FutureTask<Void>(() -> {
                play(nginx.uri(path), transport, scene);
                return null;
            });
            all.add(one);
            Thread.ofVirtual().start(one);
        }
        for (var one : all) {
            one.get();
        }
    }

    private static void play(URI uri, PushTransport transport, Scene scene) throws Exception {
        var interruptions = new Interruptions();
        try (var session = PushClient.builder(uri)
                .transport(transport)
                .listener(interruptions)
                .options(PushClientOptions.defaults().withPollInterval(Duration.ofMillis(100)))
                .connect()) {
            scene.play(session, interruptions);
            session.send("still here");
            assertEquals(Optional.of(new Message.Text("still here")), session.receive(Duration.ofSeconds(5)));
        }
    }

    @Test
    void a_heartbeat_shorter_than_the_read_timeout_keeps_every_transport_attached() throws Exception {
        everyTransport("/lively", (session, interruptions) -> {
            assertEquals(Optional.empty(), session.receive(IDLE));
            assertEquals(0, interruptions.count(), session::toString);
        });
    }

    /** Polling alone has nothing that could be cut. */
    @Test
    void a_read_timeout_shorter_than_the_heartbeat_costs_an_attachment_and_no_message() throws Exception {
        everyTransport("/patient", (session, interruptions) -> {
            if (session.transport() != PushTransport.POLLING) {
                interruptions.awaitResumed();
            }
            for (int i = 0; i < 3; i++) {
                session.send("message " + i);
                assertEquals(Optional.of(new Message.Text("message " + i)), session.receive(Duration.ofSeconds(5)));
            }
        });
    }
}
