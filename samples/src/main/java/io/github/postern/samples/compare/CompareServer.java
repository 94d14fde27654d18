package io.github.postern.samples.compare;

import io.github.postern.push.PushLimits;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Serial;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * The server that is compared, in a process of its own: publishes each line of its standard input to everybody, and ends with
 * that. Its first line of output tells where it listens, or what is wrong.
 */
final class CompareServer {
    static final String LISTENING = "listening on port ";

    private CompareServer() {}

    public static void main(String[] args) throws IOException {
        // a browser's tab that sleeps must not hold up the others for long, and polls may be far apart
        var options = PushOptions.defaults()
                .withLimits(PushLimits.defaults()
                        .withUnacknowledged(100_000, 64 << 20)
                        .withSessions(10_000, 10_000))
                .withSendTimeout(Duration.ofMillis(100));
        PushServer server;
        try {
            server = PushServer.builder()
                    .host("localhost")
                    .port(Integer.parseInt(args[0]))
                    .options(options)
                    .maxConnectionsPerAddress(10_000)
                    .path("/push", session -> session.forEach(message -> {})) // nothing is expected from clients
                    .servlet("", new Page())
                    .start();
        } catch (IOException e) {
            System.out.println(e.getMessage());
            return;
        }
        try (server) {
            System.out.println(LISTENING + server.port());
            publish(server, new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        }
    }

    private static void publish(PushServer server, BufferedReader lines) throws IOException {
        long number = 0;
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            var message = message(++number, line);
            for (var session : server.sessions()) {
                send(session, message);
            }
        }
    }

    /** A JSON value with its number and when it was sent, in milliseconds since 1970. */
    private static String message(long number, String json) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        return "{\"n\":" + number + ",\"sent\":" + BigDecimal.valueOf(micros, 3) + ",\"data\":" + json + "}";
    }

    private static void send(PushSession session, String message) {
        try {
            session.send(message);
        } catch (IOException e) {
            // this client has gone, or takes nothing any more: its session has ended
        }
    }

    /** The page that shows the comparison live. */
    private static final class Page extends HttpServlet {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/html;charset=utf-8");
            try (var page = Objects.requireNonNull(
                    CompareServer.class.getModule().getResourceAsStream("io/github/postern/samples/compare.html"))) {
                page.transferTo(response.getOutputStream());
            }
        }
    }
}
