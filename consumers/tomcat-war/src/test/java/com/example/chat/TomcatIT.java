package com.example.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushClient;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.connection.Message;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The WAR, deployed. */
@Timeout(60)
class TomcatIT {
    private static final Path WAR = Path.of("target", "tomcat-war-1.war");

    @TempDir
    private static Path base;

    private static Tomcat tomcat;
    private static URI application;

    @BeforeAll
    static void start() throws Exception {
        Files.createDirectory(base.resolve("webapps"));
        tomcat = new Tomcat();
        tomcat.setBaseDir(base.toString());
        tomcat.setPort(0);
        tomcat.getConnector();
        tomcat.setAddDefaultWebXmlToWebapp(false); // which would want JSP
        var chat = tomcat.addWebapp("/chat", WAR.toAbsolutePath().toString());
        Tomcat.addServlet(chat, "files", new DefaultServlet());
        chat.addServletMapping("/", "files");
        chat.addWelcomeFile("index.html");
        tomcat.start();
        application = URI.create("http://localhost:" + tomcat.getConnector().getLocalPort() + "/chat/");
    }

    @AfterAll
    static void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }

    @ParameterizedTest
    @EnumSource
    void every_transport_carries_messages_both_ways(PushTransport transport) throws Exception {
        var push = PushClient.builder(application.resolve("push")).transport(transport);
        try (var session = push.connect()) {
            for (int i = 0; i < 100; i++) {
                session.send(transport + " " + i);
            }
            for (int i = 0; i < 100; i++) {
                assertEquals(new Message.Text(transport + " " + i), session.receive());
            }
            assertEquals(transport, session.transport());
        }
    }

    @Test
    void the_container_serves_the_page_and_from_the_jar_its_script() throws Exception {
        assertTrue(get("").contains("<title>Chat</title>"));
        assertTrue(get("postern/postern.js").contains("class PushSocket"));
    }

    private static String get(String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(application.resolve(path)).build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    @Test
    void four_jars_are_in_the_war_and_none_of_jetty() throws Exception {
        try (var war = new JarFile(WAR.toFile())) {
            var jars = war.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("WEB-INF/lib/") && name.endsWith(".jar"))
                    .map(name -> name.substring("WEB-INF/lib/".length()).replaceFirst("-\\d.*", ""))
                    .collect(Collectors.toSet());
            assertEquals(Set.of("ws-sse-fallback", "ws-client", "ws-connection", "ws-core"), jars);
        }
    }
}
