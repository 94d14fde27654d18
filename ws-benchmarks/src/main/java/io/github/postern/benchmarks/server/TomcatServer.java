package io.github.postern.benchmarks.server;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.websocket.server.WsSci;

/** Tomcat through the Jakarta WebSocket API, with an endpoint set up by program and blocking sends. */
final class TomcatServer implements TestedServer {
    private static final int MANY = 20_000;

    @Override
    public int start(Setup setup) throws IOException, LifecycleException {
        var home = Files.createTempDirectory("tomcat");
        home.toFile().deleteOnExit();
        var tomcat = new Tomcat();
        tomcat.setBaseDir(home.toString());
        tomcat.setPort(0);
        var connector = tomcat.getConnector();
        connector.setProperty("address", TestedServer.address().getHostAddress());
        connector.setProperty("maxConnections", Integer.toString(MANY));
        connector.setProperty("acceptCount", Integer.toString(BACKLOG));
        connector.setProperty("tcpNoDelay", "true");
        if (setup.tls()) {
            connector.setProperty("SSLEnabled", "true");
            connector.addSslHostConfig(tls());
        }
        var context = tomcat.addContext("", home.toString());
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer(
                (classes, servlets) -> {
                    var container = (ServerContainer) servlets.getAttribute(ServerContainer.class.getName());
                    container.setDefaultMaxBinaryMessageBufferSize(setup.largestMessage());
                    container.setDefaultMaxTextMessageBufferSize(setup.largestMessage());
                    container.setDefaultMaxSessionIdleTimeout(0);
                    add(container);
                },
                null);
        Tomcat.addServlet(context, "default", new DefaultServlet());
        context.addServletMapping("/", "default");
        tomcat.start();
        return connector.getLocalPort();
    }

    private static SSLHostConfig tls() {
        var config = new SSLHostConfig();
        var certificate = new SSLHostConfigCertificate(config, SSLHostConfigCertificate.Type.EC);
        certificate.setCertificateKeystoreFile(
                ServerCertificate.FILE.toAbsolutePath().toString());
        certificate.setCertificateKeystoreType(ServerCertificate.FILE_TYPE);
        certificate.setCertificateKeystorePassword(ServerCertificate.PASSWORD);
        config.addCertificate(certificate);
        return config;
    }

    private static void add(ServerContainer container) {
        try {
            container.addEndpoint(
                    ServerEndpointConfig.Builder.create(Echo.class, PATH).build());
        } catch (DeploymentException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Public, because Tomcat makes it. */
    public static final class Echo extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {
            session.addMessageHandler(String.class, text -> send(session, text));
            session.addMessageHandler(ByteBuffer.class, message -> echo(session, message));
        }

        private static void echo(Session session, ByteBuffer message) {
            if (message.remaining() == 1) {
                session.getOpenSessions().forEach(receiver -> send(receiver, ByteBuffer.wrap(News.bytes())));
            } else {
                send(session, message);
            }
        }

        private static void send(Session session, String text) {
            try {
                session.getBasicRemote().sendText(text);
            } catch (IOException | IllegalStateException e) {
                // it has ended
            }
        }

        private static void send(Session session, ByteBuffer message) {
            try {
                session.getBasicRemote().sendBinary(message);
            } catch (IOException | IllegalStateException e) {
                // it has ended
            }
        }
    }
}
