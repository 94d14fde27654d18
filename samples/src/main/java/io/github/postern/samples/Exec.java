package io.github.postern.samples;

import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.server.OriginPolicy;
import io.github.postern.ws.server.WebSocketServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Puts a program on a WebSocket: each connection has a process of its own, handled by a {@link Program}. */
final class Exec {
    private Exec() {}

    public static void main(String[] args) throws Exception {
        var command = Arguments.command(
                        "exec",
                        "A program's standard input and output as a WebSocket.",
                        "",
                        "Each connection to / starts the program. A text message is a line on its standard input, each line"
                                + " on its standard output is a message, its standard error is ours. When the connection"
                                + " ends, the program is ended; when the program ends, so does the connection: with 1000 if"
                                + " its exit status is 0, else with 1011 and the status as the reason. Only this machine"
                                + " can connect.",
                        "")
                .addOption(Arguments.port())
                .addOption(Arguments.number(
                        "--max-processes", "N", 20, "With so many running, another connection is closed with 1013"))
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
        if (!isProgram(command.getFirst())) {
            throw arguments.wrong("there is no program " + command.getFirst());
        }
        var program = new Program(command, arguments.number("--max-processes", 1, 10_000));
        try (var server = start(arguments.portNumber(), program)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close)); // Ctrl-C: ends the programs as well
            System.out.printf("ws://127.0.0.1:%d/%n", server.port());
            server.awaitEnd();
        }
        return 0;
    }

    static WebSocketServer start(int port, Program program) throws IOException {
        return WebSocketServer.builder()
                .host(InetAddress.getLoopbackAddress())
                .port(port)
                .originPolicy((request, secure) ->
                        isOurs(request) && OriginPolicy.sameOrigin().allows(request, secure))
                .path("/", program)
                .start();
    }

    /** Whether we were called by a name of this machine: a site that makes its own name point here must not run programs. */
    private static boolean isOurs(HandshakeRequest request) {
        return request.host()
                .filter(host -> host.matches("(localhost|127\\.0\\.0\\.1)(:\\d+)?"))
                .isPresent();
    }

    private static boolean isProgram(String name) {
        var folders = name.contains(File.separator) ? "" : System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(folders.split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .anyMatch(file -> Files.isExecutable(file) && !Files.isDirectory(file));
    }
}
