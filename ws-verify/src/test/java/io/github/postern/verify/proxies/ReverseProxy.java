package io.github.postern.verify.proxies;

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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real reverse proxy, one process tree for each, in a folder of its own, on a port of the system's choosing.
 *
 * <p>The configuration listens on port 80, which becomes the port that was found, and names the ports of its upstream servers, which become those of the
 * servers that the test has.
 */
final class ReverseProxy implements AutoCloseable {
    private static final int ATTEMPTS = 5;
    private static final int PATIENCE_SECONDS = 10;
    private static final int LOOK_MILLIS = 5;
    private static final Pattern PORT = Pattern.compile(":(\\d+)");
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);

    private final ProxyProgram program;
    private final Path folder;
    private final String configuration;
    private final int port;
    private final List<String> command;
    private final Process master;
    private final Thread atExit = new Thread(this::kill);

    private ReverseProxy(ProxyProgram program, Path folder, String configuration, int port, Map<Integer, Integer> ports)
            throws IOException {
        this.program = program;
        this.folder = folder;
        this.configuration = configuration;
        this.port = port;
        this.command = program.command(program.find(), folder, write(ports));
        Runtime.getRuntime().addShutdownHook(atExit);
        this.master = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
    }

    /**
     * Starts one, and returns when it listens.
     *
     * @param configuration what the program's frame does not have
     * @param ports for ports of upstream servers in the configuration those that they have
     */
    static ReverseProxy start(ProxyProgram program, String configuration, Map<Integer, Integer> ports)
            throws IOException, InterruptedException {
        for (int i = 1; ; i++) {
            var folder = Files.createTempDirectory("postern-proxy");
            var proxy = new ReverseProxy(program, folder, configuration, freePort(), ports);
            if (proxy.isListening()) {
                return proxy;
            }
            var log = proxy.log();
            proxy.close();
            if (i == ATTEMPTS || !log.contains("Address already in use")) {
                throw new IOException(program + " does not listen: " + log);
            }
        }
    }

    /** Starts one with the configuration that {@code docs/guide/proxies.md} gives its readers: the code block named like the program. */
    static ReverseProxy documented(ProxyProgram program, Map<Integer, Integer> ports)
            throws IOException, InterruptedException {
        var page = Files.readString(Path.of("..", "docs", "guide", "proxies.md"));
        var blocks = BLOCK.matcher(page)
                .results()
                .filter(block -> block.group(1).equalsIgnoreCase(program.name()))
                .map(block -> block.group(2))
                .toList();
        if (blocks.size() != 1) {
            throw new IOException("the page has " + blocks.size() + " configurations of " + program);
        }
        return start(program, blocks.getFirst(), ports);
    }

    /** One that somebody else may take until the proxy has it: then there is another attempt. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Path write(Map<Integer, Integer> ports) throws IOException {
        var own = PORT.matcher(configuration).replaceAll(match -> {
            int named = Integer.parseInt(match.group(1));
            return ":" + ports.getOrDefault(named, named);
        });
        var listening = program.listening(own, port);
        if (listening.equals(own)) {
            throw new IllegalArgumentException("the configuration does not listen on port 80");
        }
        return Files.writeString(folder.resolve("configuration"), program.file(listening, folder));
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

    /** Whether it is the proxy that listens there: it complains and ends if somebody else does. */
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
        var signal = new ProcessBuilder(program.reload(command, master.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()))
                .start();
        if (signal.waitFor() != 0) {
            throw new IOException(program + " does not reload: " + log());
        }
        if (!haveEnded(old)) {
            throw new IOException(program + " keeps its old workers: " + log());
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
        var names = Stream.of(ProxyProgram.values()).map(ProxyProgram::program).toList();
        var left = ProcessHandle.current()
                .children()
                .filter(child -> names.stream().anyMatch(child.info().command().orElse("")::endsWith))
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
            files.sorted(Comparator.reverseOrder()).forEach(ReverseProxy::delete);
        }
        if (!ended) {
            throw new AssertionError(program + " did not stop");
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
