package io.github.postern.verify.herd;

import io.github.postern.push.PushLimits;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** A push server in a process of its own, which can be killed. It echoes. Its options are those of a server for so many clients, who all come from one address here. */
final class ServerProcess implements AutoCloseable {
    /** What the system may keep until it is accepted; where it has a lower limit of its own, that holds. */
    private static final int BACKLOG = 4_096;

    private final Process process;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** The process: listens on the port that it is given, tells which that is, and lives until its input ends. */
    public static void main(String[] args) throws Exception {
        int clients = Integer.parseInt(args[1]);
        // an attempt that a client gave up may have opened a session, which stays until it expires
        int some = 4 * clients;
        var options = PushOptions.defaults().withLimits(PushLimits.defaults().withSessions(some, some));
        var server = PushServer.builder()
                .port(Integer.parseInt(args[0]))
                .backlog(BACKLOG)
                .maxConnections(some)
                .maxConnectionsPerAddress(some)
                .path(
                        "/push",
                        session -> {
                            for (var message : session) {
                                session.send(message);
                            }
                        },
                        options)
                .start();
        System.out.println(server.port());
        while (System.in.read() >= 0) {
            // the parent says nothing, and closes it when it ends
        }
        System.exit(0);
    }

    /** Starts one for so many clients, and waits until it listens on that port, or on any if it is 0. */
    static ServerProcess start(int port, int clients) throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerProcess.class.getName(),
                        Integer.toString(port),
                        Integer.toString(clients))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var reader = new BufferedReader(process.inputReader());
        var line = reader.readLine();
        if (line == null) {
            throw new IOException("the server does not start");
        }
        return new ServerProcess(process, Integer.parseInt(line));
    }

    int port() {
        return port;
    }

    URI uri() {
        return URI.create("http://localhost:" + port + "/push");
    }

    /** Kills it; it says goodbye to nobody. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
