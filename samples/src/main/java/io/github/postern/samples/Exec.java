package io.github.postern.samples;

import io.github.postern.push.Authentication;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushRequest;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.server.OriginPolicy;
import io.github.postern.ws.server.WebSocketServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Puts a program on a WebSocket, and with {@code --sse} on Server-Sent Events too: each connection has a process of its own, run by a {@link Program}. */
final class Exec {
    /** How long a program goes on for an SSE client that has gone, and may come back. */
    private static final Duration EXPIRY = Duration.ofSeconds(10);

    private Exec() {}

    public static void main(String[] args) throws Exception {
        var command = Arguments.command(
                        "exec",
                        "A program's standard input and output as a WebSocket.",
                        "",
                        "Each connection to / starts the program. A text message is a line on its standard input, each line"
                                + " on its standard output is a message, each line on its standard error goes to our log. When"
                                + " the connection ends, the program is ended; when the program ends, so does the connection:"
                                + " with 1000 if its exit status is 0, else with 1011 and the status as the reason. Only this"
                                + " machine can connect.",
                        "",
                        "The program finds the request in its environment, as a CGI script does: QUERY_STRING, REMOTE_ADDR,"
                                + " HTTP_USER_AGENT and so on (RFC 3875). Treat these as what they are: a stranger's input.",
                        "")
                .addOption(Arguments.port())
                .addOption(Arguments.number(
                        "--max-processes", "N", 20, "With so many running, another connection is closed with 1013"))
                .addOption(Arguments.file("--dir", "Run the program in this folder instead of the current one."))
                .addOption(Arguments.flag(
                        "--sse",
                        "Serve the same over Server-Sent Events and long polling, too: curl -N http://127.0.0.1:PORT/"
                                + " follows the output. When an SSE client has gone, its program goes on for "
                                + EXPIRY.toSeconds() + " s."))
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("[--] PROGRAM [ARGUMENT...]")
                        .hideParamSyntax(true)
                        .arity("1..*")
                        .required(true)
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .description("For instance: samples/run exec --port 8080 -- java samples/Counter.java")
                        .build());
        command.parser().stopAtPositional(true); // what follows the program belongs to it
        Arguments.run(command, args, Exec::run);
    }

    private static int run(Arguments arguments) throws Exception {
        var command = arguments.words();
        var directory = arguments.path("--dir").orElse(Path.of(""));
        if (!Files.isDirectory(directory)) {
            throw arguments.wrong("there is no folder " + directory);
        }
        if (!isProgram(command.getFirst(), directory)) {
            throw arguments.wrong("there is no program " + command.getFirst());
        }
        var program = new Program(command, directory.toAbsolutePath(), arguments.number("--max-processes", 1, 10_000));
        return arguments.has("--sse")
                ? push(arguments.portNumber(), program)
                : webSocket(arguments.portNumber(), program);
    }

    private static int webSocket(int port, Program program) throws Exception {
        try (var server = start(port, program)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close)); // Ctrl-C: ends the programs as well
            System.out.printf("ws://127.0.0.1:%d/%n", server.port());
            server.awaitEnd();
        }
        return 0;
    }

    private static int push(int port, Program program) throws Exception {
        try (var server = startPush(port, program)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            System.out.printf("http://127.0.0.1:%1$d/  ws://127.0.0.1:%1$d/%n", server.port());
            server.awaitEnd();
        }
        return 0;
    }

    static WebSocketServer start(int port, Program program) throws IOException {
        return WebSocketServer.builder()
                .host(InetAddress.getLoopbackAddress())
                .port(port)
                .originPolicy((request, secure) ->
                        isOurs(request.host()) && OriginPolicy.sameOrigin().allows(request, secure))
                .path("/", ws -> program.serve(ws, environment(ws)))
                .start();
    }

    /** Serves bare WebSockets as the other one does, and SSE, and the clients of Postern over any transport. */
    static PushServer startPush(int port, Program program) throws IOException {
        return PushServer.builder()
                .host(InetAddress.getLoopbackAddress().getHostAddress())
                .port(port)
                .options(PushOptions.defaults().withExpiry(EXPIRY))
                .authenticator(Exec::authenticate)
                .path("/", session -> program.serve(session, environment(session)))
                .start();
    }

    private static Map<String, String> environment(WebSocket ws) {
        var request = ws.request();
        var remote = ws.remoteAddress()
                .filter(InetSocketAddress.class::isInstance)
                .map(address -> ((InetSocketAddress) address).getAddress().getHostAddress())
                .orElse("");
        return Cgi.variables(
                request.method(),
                request.path(),
                request.query().orElse(""),
                request.host().orElse(""),
                remote,
                request.headers());
    }

    /** Keeps the request for the program with the session, which the request opens. */
    private static Authentication authenticate(PushRequest request) {
        if (!isOurs(request.header("Host"))) {
            return Authentication.rejected(403);
        }
        var environment = Cgi.variables(
                request.method(),
                request.path(),
                request.query(),
                request.header("Host").orElse(""),
                request.remoteAddress(),
                request.headers());
        return Authentication.anonymous().withAttributes(Map.copyOf(environment));
    }

    private static Map<String, String> environment(PushSession session) {
        var environment = new HashMap<String, String>();
        session.attributes().forEach((name, value) -> environment.put(name, value.toString()));
        return environment;
    }

    /** Whether we were called by a name of this machine: a site that makes its own name point here must not run programs. */
    private static boolean isOurs(Optional<String> host) {
        return host.filter(name -> name.matches("(localhost|127\\.0\\.0\\.1)(:\\d+)?"))
                .isPresent();
    }

    private static boolean isProgram(String name, Path directory) {
        var folders = name.contains(File.separator)
                ? directory.toString()
                : System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(folders.split(File.pathSeparator))
                .map(folder -> Path.of(folder).resolve(name))
                .anyMatch(file -> Files.isExecutable(file) && !Files.isDirectory(file));
    }
}
