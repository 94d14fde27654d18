package io.github.postern.verify.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.postern.push.Authentication;
import io.github.postern.push.ClientPushSession;
import io.github.postern.push.PushClient;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushServlet;
import io.github.postern.push.PushToken;
import io.github.postern.push.Topic;
import io.github.postern.push.TopicOptions;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code ws-sse-fallback}. */
@Timeout(60)
class PushExamplesTest {
    private static ClientPushSession connect(int port) throws IOException {
        return PushClient.connect(URI.create("http://localhost:" + port + "/push"));
    }

    @Test
    void the_server_greets_every_client() throws Exception {
        try (var serving = Serving.start(PushExamplesTest::greet);
                var session = connect(serving.port())) {
            assertEquals(new Message.Text("hello"), session.receive());
        }
    }

    private static void greet(int port) throws Exception {
        // @replace region regex="\bport\b(?=\))" replacement="8080"
        // @start region="server" :
        try (var server = PushServer.builder()
                .port(port)
                .path("/push", session -> session.send("hello"))
                .start()) {
            server.awaitEnd();
        }
        // @end
        // @end
    }

    @Test
    void the_client_sends_and_receives() throws Exception {
        try (var server = PushServer.builder()
                .path("/push", session -> {
                    for (var message : session) {
                        session.send(message);
                    }
                })
                .start()) {
            var endpoint = URI.create("http://localhost:" + server.port() + "/push");
            // @replace region regex="\bendpoint\b(?=\))" replacement='URI.create("http://localhost:8080/push")'
            // @start region="client" :
            try (var push = PushClient.connect(endpoint)) {
                push.send("hello");
                show(push.receive());
            }
            // @end
            // @end
        }
    }

    private static void show(Message message) {
        assertEquals(new Message.Text("hello"), message);
    }

    @Test
    void a_topic_remembers_for_those_who_come_late() throws Exception {
        // @start region="topic" :
        var quotes = Topic.of("quotes", TopicOptions.defaults().withHistoryMessages(100));
        var server = PushServer.builder()
                .path("/push", session -> {
                    quotes.subscribe(session);
                    session.forEach(message -> {});
                })
                .start();
        quotes.publish("EURUSD 1.0832", SlowConsumer.conflate("EURUSD"));
        // @end
        try (server;
                var session = connect(server.port())) {
            assertEquals(new Message.Text("EURUSD 1.0832"), session.receive());
        }
    }

    @Test
    void who_knows_the_word_is_let_in() throws Exception {
        // @start region="authenticator" :
        var builder = PushServer.builder()
                .authenticator(request -> request.token().equals(Optional.of("sesame"))
                        ? Authentication.admitted("Ali Baba")
                        : Authentication.rejected(401))
                .path(
                        "/push",
                        session -> session.send("hello, " + session.principal().orElseThrow()));
        // @end
        try (var server = builder.start()) {
            var endpoint = URI.create("http://localhost:" + server.port() + "/push");
            try (var session = PushClient.builder(endpoint)
                    .token(() -> PushToken.of("sesame"))
                    .connect()) {
                assertEquals(new Message.Text("hello, Ali Baba"), session.receive());
            }
            var without = HttpRequest.newBuilder(endpoint).build();
            try (var client = HttpClient.newHttpClient()) {
                var refusal = client.send(without, HttpResponse.BodyHandlers.discarding());
                assertEquals(401, refusal.statusCode());
            }
        }
    }

    @Test
    void a_servlet_is_an_endpoint_of_any_container(@TempDir Path folder) throws Exception {
        TomcatURLStreamHandlerFactory.disable(); // a process can have one only
        var connector = new Connector();
        connector.setPort(0);
        var tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setSilent(true);
        tomcat.setConnector(connector);
        tomcat.addContext("", folder.toString())
                .addServletContainerInitializer((classes, servletContext) -> register(servletContext), null);
        tomcat.start();
        try (var session = connect(connector.getLocalPort())) {
            session.send("hello");
            assertEquals(new Message.Text("hello"), session.receive());
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    private static void register(ServletContext servletContext) {
        // @start region="servlet" :
        var registration = servletContext.addServlet("push", new PushServlet(session -> {
            for (var message : session) {
                session.send(message);
            }
        }));
        registration.setAsyncSupported(true);
        registration.addMapping("/push");
        // @end
    }
}
