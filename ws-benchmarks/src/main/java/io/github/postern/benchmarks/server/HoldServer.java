package io.github.postern.benchmarks.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.postern.benchmarks.process.MemoryUse;
import io.github.postern.ws.connection.ConnectionOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.security.GeneralSecurityException;
import java.time.Duration;

/**
 * The process of the server that {@link Hold} has: its argument is the interval of its pings, its first line is the port, and it ends with its input. A line
 * {@value #MEMORY} is answered with its {@link MemoryUse}, a line {@value #TRAFFIC} with its {@link HeldTraffic}.
 */
final class HoldServer {
    static final String MEMORY = "memory";
    static final String TRAFFIC = "traffic";

    private HoldServer() {}

    public static void main(String[] arguments) throws IOException, GeneralSecurityException, InterruptedException {
        var options = ConnectionOptions.defaults().withPingInterval(Duration.parse(arguments[0]));
        try (var server = new PosternServer().start(Setup.of(Row.IDLE), options);
                var commands = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            System.out.println(server.port());
            for (var line = commands.readLine(); line != null; line = commands.readLine()) {
                System.out.println(
                        line.equals(MEMORY)
                                ? MemoryUse.now().line()
                                : HeldTraffic.of(server).line());
            }
        }
    }
}
