package io.github.postern.benchmarks.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.postern.benchmarks.process.MemoryUse;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.List;
import java.util.logging.LogManager;

/**
 * The process of one server: its arguments are the {@link Peer} and the {@link Setup}, its first line is the port, and it ends with its input.
 * Each line of that is answered with its {@link MemoryUse}.
 */
final class ServerProcess {
    private ServerProcess() {}

    public static void main(String[] arguments) throws Exception {
        var out = System.out;
        // what a library prints is none of the answers
        System.setOut(System.err);
        LogManager.getLogManager().reset();
        var setup = Setup.parse(List.of(arguments).subList(1, arguments.length));
        out.println(Peer.valueOf(arguments[0]).server().start(setup));
        try (var commands = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            while (commands.readLine() != null) {
                out.println(MemoryUse.now().line());
            }
        }
        System.exit(0);
    }
}
