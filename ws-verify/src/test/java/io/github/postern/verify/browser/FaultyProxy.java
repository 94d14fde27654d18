package io.github.postern.verify.browser;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a browser and a server on this machine, and plays a network that is hard on some transports. One connection carries one request. */
final class FaultyProxy implements AutoCloseable {
    enum Fault {
        /** Answers an upgrade with 403. */
        REFUSE_WEB_SOCKETS,
        /** Lets the handshake through and no frame of the server. */
        MUTE_WEB_SOCKETS,
        /** Holds back everything that an SSE request is answered with. */
        MUTE_STREAMS
    }

    private static final int MAX_HEAD = 32 * 1024;

    private final ServerSocket listener;
    private final int target;
    private final Set<Fault> faults;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    FaultyProxy(int target, Set<Fault> faults) throws IOException {
        this.target = target;
        this.faults = faults;
        listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::acceptAll);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Breaks every connection off, as a lost network does. */
    void cut() throws IOException {
        for (var socket : sockets) {
            try (socket) {
                socket.setSoLinger(true, 0); // a reset, not an end
            } catch (SocketException e) {
                // ended by itself meanwhile
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : sockets) {
            socket.close();
        }
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        sockets.add(client);
        try (client) {
            var head = readHead(client.getInputStream());
            var isUpgrade = head.toLowerCase(Locale.ROOT).contains("\r\nupgrade: websocket");
            if (isUpgrade && faults.contains(Fault.REFUSE_WEB_SOCKETS)) {
                client.getOutputStream()
                        .write(ascii("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
                return;
            }
            var isStream = head.toLowerCase(Locale.ROOT).contains("\r\npostern-transport: sse\r\n");
            try (var server = new Socket(InetAddress.getLoopbackAddress(), target)) {
                sockets.add(server);
                server.getOutputStream().write(ascii(isUpgrade ? head : onlyRequest(head)));
                Thread.ofVirtual().start(() -> pump(client, server));
                if (isUpgrade && faults.contains(Fault.MUTE_WEB_SOCKETS)) {
                    client.getOutputStream().write(ascii(readHead(server.getInputStream())));
                    server.getInputStream().transferTo(new ByteArrayOutputStream());
                } else if (isStream && faults.contains(Fault.MUTE_STREAMS)) {
                    server.getInputStream().transferTo(new ByteArrayOutputStream());
                } else {
                    server.getInputStream().transferTo(client.getOutputStream());
                }
                sockets.remove(server);
            }
        } catch (IOException e) {
            // either side has gone, and the other goes with it
        } finally {
            sockets.remove(client);
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // as above
        }
    }

    private static String readHead(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            int next = in.read();
            if (next < 0 || head.length() == MAX_HEAD) {
                throw new IOException("no head");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static String onlyRequest(String head) {
        return head.replaceFirst("(?i)\r\nConnection: [^\r]*", "\r\nConnection: close");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
