package io.github.postern.verify.autobahn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.verify.autobahn.Report.Exemption;
import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.DeflateOptions;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import io.github.postern.ws.server.ServerOptions;
import io.github.postern.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every case of the Autobahn|Testsuite on both sides, judged strictly. */
@Tag("autobahn")
@Timeout(10_800)
class AutobahnTest {
    private static final String AGENT = "Postern";
    private static final int MINUTES = 90;
    private static final int POLL_MILLISECONDS = 100;

    /** The categories, as the suite's specification wants them. 8 and 11 do not exist. */
    private static final String CASES = """
            "1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*", "12.*", "13.*\"""";

    private static final int CASE_COUNT = 517;

    private static final List<Exemption> SERVER_EXEMPTIONS = List.of();
    private static final List<Exemption> CLIENT_EXEMPTIONS = List.of();

    /** As far as the suite wants it: it asks for every combination of parameters. */
    private static final PerMessageDeflate DEFLATE = new PerMessageDeflate(false, false, 15, 15);

    /** Category 9 sends 16 MiB in one frame, and 4 MiB in frames of 64 bytes with an empty one at the end. */
    private static final ConnectionOptions OPTIONS = ConnectionOptions.defaults()
            .withDeflate(DeflateOptions.defaults().withThreshold(0))
            .withLimits(Limits.defaults()
                    .withMaxFrameSize(16 << 20)
                    .withMaxMessageSize(16 << 20)
                    .withMaxFragments((1 << 16) + 1));

    private static final ConnectionHandler<WebSocket> ECHO = ws -> {
        for (var message : ws) {
            ws.send(message);
        }
    };

    @BeforeAll
    static void require_the_suite() throws Exception {
        Wstest.require();
    }

    /** An empty folder in the build's folder, where the reports stay to be read. */
    private static Path folder(String name) throws IOException {
        var folder = Path.of("target", "autobahn", name).toAbsolutePath();
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return Files.createDirectories(folder);
    }

    @Test
    void the_server_passes_every_case() throws Exception {
        var folder = folder("server");
        try (var server = WebSocketServer.builder()
                .host(InetAddress.getLoopbackAddress())
                .options(ServerOptions.defaults().withConnection(OPTIONS))
                .deflate(DEFLATE)
                .path("/", ECHO)
                .start()) {
            var specification = """
                    {"outdir": ".", "servers": [{"agent": "%s", "url": "ws://127.0.0.1:%d/"}],
                     "cases": [%s], "exclude-cases": [], "exclude-agent-cases": {}}
                    """.formatted(AGENT, server.port(), CASES);
            try (var wstest = Wstest.start("fuzzingclient", folder, specification)) {
                wstest.awaitSuccess(MINUTES);
            }
        }
        Report.read(folder, AGENT).assertStrict(CASE_COUNT, SERVER_EXEMPTIONS);
    }

    @Test
    void the_client_passes_every_case() throws Exception {
        var folder = folder("client");
        var client = WebSocketClient.builder().options(OPTIONS).deflate(DEFLATE).build();
        var base = "ws://127.0.0.1:" + freePort();
        var specification = """
                {"outdir": ".", "url": "%s", "cases": [%s], "exclude-cases": [], "exclude-agent-cases": {}}
                """.formatted(base, CASES);
        try (var wstest = Wstest.start("fuzzingserver", folder, specification)) {
            assertEquals(CASE_COUNT, caseCount(client, base, wstest));
            for (int number = 1; number <= CASE_COUNT; number++) {
                ECHO.serve(client.connect(URI.create(base + "/runCase?case=" + number + "&agent=" + AGENT)));
            }
            ECHO.serve(client.connect(URI.create(base + "/updateReports?agent=" + AGENT)));
        }
        Report.read(folder, AGENT).assertStrict(CASE_COUNT, CLIENT_EXEMPTIONS);
    }

    /** The suite's server wants to be told its port. That another program takes this one meanwhile is possible, and would fail the test. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Asks how many cases there will be, as soon as the server listens. */
    private static int caseCount(WebSocketClient client, String base, Wstest wstest) throws Exception {
        // An image may have to be fetched first.
        var deadline = System.nanoTime() + Duration.ofMinutes(MINUTES).toNanos();
        while (true) {
            try (var ws = client.connect(URI.create(base + "/getCaseCount"))) {
                return Integer.parseInt(
                        assertInstanceOf(Message.Text.class, ws.receive()).text());
            } catch (ConnectException e) {
                assertTrue(wstest.isRunningAfter(POLL_MILLISECONDS), wstest.output());
                assertTrue(System.nanoTime() - deadline < 0, wstest.output());
            }
        }
    }
}
