import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What the command {@code measure} runs: Measure IMAGE FOLDER, which is where archive and cache are put. */
final class Measure {
    private static final int STARTS = 10;
    private static final int CONNECTIONS = 1_000;

    /** As many as a server admits from one address, unless told otherwise. */
    private static final int PER_ADDRESS = 100;

    private static final String MAIN = "com.example.echo/com.example.echo.EchoServer";

    private final Path image;

    private Measure(Path image) {
        this.image = image;
    }

    /** A way to start the server, and the file that it needs besides the image. */
    private record Way(String name, List<String> options, Path file, List<Double> starts) {
        Way(String name, List<String> options, Path file) {
            this(name, options, file, new ArrayList<>());
        }

        double median() {
            var sorted = starts.stream().sorted().toList();
            return (sorted.get((STARTS - 1) / 2) + sorted.get(STARTS / 2)) / 2;
        }
    }

    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[1]);
        new Measure(Path.of(arguments[0])).measure(folder.resolve("echo.jsa"), folder.resolve("echo.aot"));
    }

    private void measure(Path archive, Path cache) throws Exception {
        archive(archive);
        cache(cache);
        var ways = List.of(
                new Way("image alone", List.of(), null),
                new Way("with CDS archive", List.of("-XX:SharedArchiveFile=" + archive), archive),
                new Way("with AOT cache", List.of("-XX:AOTCache=" + cache), cache),
                new Way("the same, serial GC", List.of("-XX:AOTCache=" + cache, "-XX:+UseSerialGC"), cache));
        for (int i = 0; i < STARTS; i++) {
            for (var way : ways) { // in turn, so that whatever else the machine does hits all alike
                way.starts.add(start(way.options));
            }
        }
        System.out.printf("image: %s MB, %s%n%n", megabytes(size(image)), Runtime.version());
        System.out.println("                       from start to first echo, ms     resident memory, MB");
        System.out.println("                         median    least     most     idle  1,000 connections   file, MB");
        for (var way : ways) {
            var memory = memory(way.options);
            System.out.printf(
                    "%-20s %10.0f %8.0f %8.0f %8s %18s %10s%n",
                    way.name,
                    way.median(),
                    way.starts.stream().min(Double::compare).orElseThrow(),
                    way.starts.stream().max(Double::compare).orElseThrow(),
                    megabytes(memory[0]),
                    megabytes(memory[1]),
                    way.file == null ? "" : megabytes(Files.size(way.file)));
        }
    }

    /** The server in a process of its own. */
    private record Server(Process process, int port) implements AutoCloseable {
        Socket connect(String from) throws IOException {
            var socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(from), 0);
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write("""
                    GET /echo HTTP/1.1\r
                    Host: localhost\r
                    Upgrade: websocket\r
                    Connection: Upgrade\r
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                    Sec-WebSocket-Version: 13\r
                    \r
                    """.getBytes(StandardCharsets.US_ASCII));
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    throw new EOFException(head.toString());
                }
                head.append((char) next);
            }
            if (!head.toString().startsWith("HTTP/1.1 101 ")) {
                throw new IOException(head.toString());
            }
            return socket;
        }

        void echo(Socket socket) throws IOException {
            socket.getOutputStream().write(new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'});
            var answer = socket.getInputStream().readNBytes(4);
            if (!Arrays.equals(new byte[] {(byte) 0x81, 2, 'h', 'i'}, answer)) {
                throw new IOException("no echo: " + Arrays.toString(answer));
            }
        }

        @Override
        public void close() throws IOException {
            process.toHandle().destroy(); // which leaves its output to be read to the end
            process.onExit().join();
        }
    }

    private Server server(List<String> options) throws IOException {
        var command = Stream.of(List.of(image.resolve("bin/java").toString()), options, List.of("-m", MAIN, "0"))
                .flatMap(List::stream)
                .toList();
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var output = process.inputReader();
        var line = output.readLine();
        if (line == null || !line.matches("listening on port \\d{1,5}")) {
            process.destroy();
            throw new IOException(command + ": " + line);
        }
        Thread.ofVirtual().start(() -> output.lines().forEach(text -> {})); // of what the JVM says at its end
        return new Server(process, Integer.parseInt(line.replace("listening on port ", "")));
    }

    /** Milliseconds until a client that waits for the server has an answer. */
    private double start(List<String> options) throws IOException {
        long begin = System.nanoTime();
        try (var server = server(options);
                var socket = server.connect("127.0.0.1")) {
            server.echo(socket);
            return (System.nanoTime() - begin) / 1e6;
        }
    }

    /** A run from which the JVM learns which classes are needed. */
    private void train(String option) throws IOException {
        start(List.of(option));
    }

    private void archive(Path file) throws Exception {
        var classes = file.resolveSibling("echo.classes");
        train("-XX:DumpLoadedClassList=" + classes);
        var dump = new ProcessBuilder(
                        image.resolve("bin/java").toString(),
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + classes,
                        "-XX:SharedArchiveFile=" + file,
                        "-m",
                        MAIN)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (dump.waitFor() != 0) {
            throw new IOException("no archive could be made");
        }
    }

    private void cache(Path file) throws IOException {
        train("-XX:AOTCacheOutput=" + file);
    }

    /** Bytes: with no connection, after a first one has come and gone; and with many that say nothing. */
    private long[] memory(List<String> options) throws Exception {
        var sockets = new ArrayList<Socket>();
        try (var server = server(options)) {
            try (var first = server.connect("127.0.0.1")) {
                server.echo(first);
            }
            long idle = resident(server.process);
            for (int i = 0; i < CONNECTIONS; i++) {
                sockets.add(server.connect("127.0.0." + (1 + i / PER_ADDRESS)));
            }
            return new long[] {idle, resident(server.process)};
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    /** After a second, in which what was begun comes to its end: no event tells when memory is at rest. */
    private static long resident(Process process) throws Exception {
        Thread.sleep(1_000);
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            var line =
                    lines.filter(text -> text.startsWith("VmRSS:")).findFirst().orElseThrow();
            return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
    }

    private static long size(Path folder) throws IOException {
        long sum = 0;
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
        }
        return sum;
    }

    private static String megabytes(long bytes) {
        return "%.1f".formatted(bytes / 1e6);
    }
}
