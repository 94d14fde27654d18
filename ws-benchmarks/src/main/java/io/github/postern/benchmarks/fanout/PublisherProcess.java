package io.github.postern.benchmarks.fanout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.postern.benchmarks.process.MemoryUse;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.util.logging.LogManager;

/**
 * The process of one publisher: its argument is the {@link Peer}, its first line has two ports, the server's and one for control. For each byte that comes to the latter it publishes once. It ends
 * with its input, each line of which is answered with its {@link MemoryUse}.
 */
final class PublisherProcess {
    private PublisherProcess() {}

    public static void main(String[] arguments) throws Exception {
        var out = System.out;
        System.setOut(System.err); // what a library prints is none of the answers
        LogManager.getLogManager().reset();
        var publisher = Peer.valueOf(arguments[0]).publisher();
        int port = publisher.start();
        var control = new ServerSocket(0, 1, Publisher.address());
        Thread.ofPlatform().daemon().name("publisher").start(() -> publish(publisher, control));
        out.println(port + " " + control.getLocalPort());
        try (var commands = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            while (commands.readLine() != null) {
                out.println(MemoryUse.now().line());
            }
        }
        System.exit(0);
    }

    private static void publish(Publisher publisher, ServerSocket control) {
        try {
            while (true) {
                try (var socket = control.accept()) {
                    var in = socket.getInputStream();
                    while (in.read() >= 0) {
                        publisher.publish(News.text());
                    }
                }
            }
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }
}
