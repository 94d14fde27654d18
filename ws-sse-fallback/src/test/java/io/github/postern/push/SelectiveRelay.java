package io.github.postern.push;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP relay before a server that looks at the first request of a connection, as proxies do, and treats WebSockets and event streams badly. */
final class SelectiveRelay implements AutoCloseable {
    /** What becomes of something. */
    enum Treatment {
        PASS,
        /** It is answered 403. */
        REFUSE,
        /** Nothing comes back, not even the end. */
        SWALLOW,
        /** The head of the response gets through, and nothing of its body. */
        MUTE
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final Treatment webSockets;
    private final Treatment streams;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    SelectiveRelay(int target, Treatment webSockets, Treatment streams) throws IOException {
        this.target = target;
        this.webSockets = webSockets;
        this.streams = streams;
        Thread.ofVirtual().name("selective-relay").start(this::accept);
    }

    URI uri() {
        return URI.create("http://localhost:" + listener.getLocalPort() + "/push");
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                open.add(client);
                Thread.ofVirtual().name("selective-relay-up").start(() -> serve(client));
            }
        } catch (IOException e) {
            // closed, at the end of the test
        }
    }

    private void serve(Socket client) {
        try (client;
                var server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            open.add(server);
            var head = head(client.getInputStream());
            var treatment = treatment(head);
            if (treatment == Treatment.REFUSE) {
                var refusal = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                client.getOutputStream().write(refusal.getBytes(StandardCharsets.US_ASCII));
                return;
            }
            if (treatment == Treatment.PASS || treatment == Treatment.MUTE) {
                server.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
                Thread.ofVirtual()
                        .name("selective-relay-down")
                        .start(() -> answer(server, client, treatment == Treatment.MUTE));
                client.getInputStream().transferTo(server.getOutputStream());
            } else {
                client.getInputStream().transferTo(ByteArrayOutputStream.nullOutputStream());
            }
        } catch (IOException e) {
            // one side is gone, and so is the other
        }
    }

    private Treatment treatment(String head) {
        var lower = head.toLowerCase(Locale.ROOT);
        if (lower.contains("\r\nupgrade: websocket\r\n")) {
            return webSockets;
        }
        boolean stream = lower.startsWith("get ") && !lower.contains("\r\npostern-transport:");
        return stream ? streams : Treatment.PASS;
    }

    private static void answer(Socket server, Socket client, boolean mute) {
        try (client) {
            if (mute) {
                client.getOutputStream().write(head(server.getInputStream()).getBytes(StandardCharsets.ISO_8859_1));
                server.getInputStream().transferTo(ByteArrayOutputStream.nullOutputStream());
            } else {
                server.getInputStream().transferTo(client.getOutputStream());
            }
        } catch (IOException e) {
            // one side is gone, and so is the other
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no complete head");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : open) {
            socket.close();
        }
    }
}
