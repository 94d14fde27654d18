package io.github.postern.verify.nginx;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real nginx, one process tree for each, in a folder of its own, on a port of the system's choosing. Without nginx a test is skipped, except in CI, where that
 * is a failure.
 *
 * <p>The configuration is what stands in the context {@code http}: it listens with {@code listen 80;}, which becomes the port that was found, and names the ports
 * of its upstream servers, which become those of the servers that the test has.
 */
final class Nginx implements AutoCloseable {
    /** The name of {@link #isInstalled}. */
    static final String INSTALLED = "io.github.postern.verify.nginx.Nginx#isInstalled";

    static final String MISSING = "no nginx on the path";

    private static final int ATTEMPTS = 5;
    private static final int PATIENCE_SECONDS = 10;
    private static final int LOOK_MILLIS = 5;
    private static final List<String> SYSTEM_FOLDERS = List.of("/usr/sbin", "/usr/local/sbin", "/sbin");
    private static final Pattern PORT = Pattern.compile(":(\\d+)");

    /** After a reload what still runs through the old workers is cut soon, so that a test need not end it. */
    private static final String FRAME = """
            @USER@
            daemon off;
            pid nginx.pid;
            worker_processes 1;
            worker_shutdown_timeout 100ms;
            events { worker_connections 512; }
            http {
              access_log off;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
            @HTTP@
            }
            """;

    private final Path program;
    private final Path folder;
    private final String http;
    private final int port;
    private final Process master;
    private final Thread atExit = new Thread(this::kill);

    private Nginx(Path program, Path folder, String http, int port, Map<Integer, Integer> ports) throws IOException {
        this.program = program;
        this.folder = folder;
        this.http = http;
        this.port = port;
        write(ports);
        Runtime.getRuntime().addShutdownHook(atExit);
        this.master = command()
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
    }

    /**
     * Starts one, and returns when it listens.
     *
     * @param http what stands in the context {@code http}
     * @param ports for ports of upstream servers in the configuration those that they have
     */
    static Nginx start(String http, Map<Integer, Integer> ports) throws IOException, InterruptedException {
        var program = find().orElseThrow(() -> new IOException(MISSING));
        for (int i = 1; ; i++) {
            var nginx = new Nginx(program, Files.createTempDirectory("postern-nginx"), http, freePort(), ports);
            if (nginx.isListening()) {
                return nginx;
            }
            var log = nginx.log();
            nginx.close();
            if (i == ATTEMPTS || !log.contains("Address already in use")) {
                throw new IOException("nginx does not listen: " + log);
            }
        }
    }

    private static Optional<Path> find() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), SYSTEM_FOLDERS.stream())
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whether there is one on this machine: the condition of every test that starts it. */
    static boolean isInstalled() {
        boolean found = find().isPresent();
        if (!found && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(MISSING);
        }
        return found;
    }

    /** One that somebody else may take until nginx has it: then there is another attempt. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void write(Map<Integer, Integer> ports) throws IOException {
        var own = PORT.matcher(http).replaceAll(match -> {
            int named = Integer.parseInt(match.group(1));
            return ":" + ports.getOrDefault(named, named);
        });
        var listening = own.replace("listen 80;", "listen 127.0.0.1:" + port + ";");
        if (listening.equals(own)) {
            throw new IllegalArgumentException("the configuration has no listen 80;");
        }
        boolean root = "root".equals(System.getProperty("user.name"));
        var text = FRAME.replace("@USER@", root ? "user root;" : "").replace("@HTTP@", listening);
        Files.writeString(folder.resolve("nginx.conf"), text);
    }

    private ProcessBuilder command(String... more) {
        var command = new ProcessBuilder(
                program.toString(),
                "-p",
                folder + "/",
                "-c",
                folder.resolve("nginx.conf").toString(),
                "-e",
                folder.resolve("error.log").toString());
        command.command().addAll(List.of(more));
        return command;
    }

    private Path output() {
        return folder.resolve("output");
    }

    private boolean isListening() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() - deadline < 0 && !master.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return isAlone();
            } catch (IOException e) {
                // not yet
            }
        }
        return false;
    }

    /** Whether it is nginx that listens there: it complains and ends if somebody else does. */
    private boolean isAlone() throws IOException {
        return !log().contains("Address already in use");
    }

    /** The address of that path. */
    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** What it has had to complain about. */
    String log() throws IOException {
        var text = new StringBuilder();
        for (var file : List.of(folder.resolve("error.log"), output())) {
            if (Files.exists(file)) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    private Set<ProcessHandle> workers() {
        return master.children().collect(Collectors.toSet());
    }

    /**
     * Has it read the configuration again, with other upstream servers, and returns when that is in force and nothing runs through the old one: connections
     * through that are cut.
     */
    void reload(Map<Integer, Integer> ports) throws IOException, InterruptedException {
        write(ports);
        var old = workers();
        var signal = command("-s", "reload")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()))
                .start();
        if (signal.waitFor() != 0) {
            throw new IOException("nginx does not reload: " + log());
        }
        if (!haveEnded(old)) {
            throw new IOException("nginx keeps its old workers: " + log());
        }
    }

    private static boolean haveEnded(Set<ProcessHandle> processes) {
        var ends = processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(ends)
                .thenApply(done -> true)
                .completeOnTimeout(false, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Those that tests of this process have started and not stopped, which it stops now. */
    static List<String> leaked() {
        var left = ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("nginx"))
                .toList();
        left.forEach(ProcessHandle::destroy);
        return left.stream().map(Object::toString).toList();
    }

    private void kill() {
        master.descendants().forEach(ProcessHandle::destroyForcibly);
        master.destroyForcibly();
    }

    /**
     * Stops it, cutting its connections, and deletes its folder.
     *
     * @throws AssertionError if one of its processes does not end
     */
    @Override
    public void close() throws IOException {
        var all = workers();
        all.add(master.toHandle());
        master.destroy();
        boolean ended = haveEnded(all);
        kill();
        Runtime.getRuntime().removeShutdownHook(atExit);
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(Nginx::delete);
        }
        if (!ended) {
            throw new AssertionError("nginx did not stop");
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
