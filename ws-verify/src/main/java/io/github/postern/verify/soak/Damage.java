package io.github.postern.verify.soak;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Connections whose network fails, and peers that do not speak the protocol. */
final class Damage {
    private static final int PATIENCE_MILLIS = 40_000;

    private Damage() {}

    /** In the middle of whatever comes after so many bytes: TLS hello, head, frame header, payload. */
    static void cut(Visit visit) throws Exception {
        talkThrough(visit, visit.random().nextBoolean() ? Relay.Fault.CUT : Relay.Fault.RESET);
    }

    static void vanished(Visit visit) throws Exception {
        talkThrough(visit, Relay.Fault.HANG);
    }

    /** The message may be another one then; but the connection ends. */
    static void garbled(Visit visit) throws Exception {
        talkThrough(visit, Relay.Fault.GARBLE);
    }

    private static void talkThrough(Visit visit, Relay.Fault fault) throws Exception {
        var random = visit.random();
        int after = random.nextInt(1 << random.nextInt(21));
        var chance = new Random(random.nextLong());
        try (var relay = new Relay(
                visit.site().server().port(), fault, after, random.nextBoolean(), new Random(random.nextLong()))) {
            var path = visit.path(Behaviour.ECHO);
            boolean opened = false;
            try {
                var ws = visit.connect(relay.port(), path, 0);
                opened = true;
                var sending = visit.beside(() -> sendUntilTheEnd(ws, chance));
                var end = fault == Relay.Fault.GARBLE ? null : receiveUntilTheEnd(ws);
                if (end == null) {
                    var unused = ws.receive(Duration.ofMillis(100));
                    ws.abort();
                } else {
                    Unexpected.unless(!end.clean(), "the network failed, and the client was " + end);
                }
                var unused = visit.result(sending);
            } catch (IOException e) {
                // how soon it fails, and with what, depends on where
            }
            if (opened && fault != Relay.Fault.GARBLE) { // the path may be another one then
                var unused = visit.serverEnd(path);
            }
        }
    }

    private static CloseInfo receiveUntilTheEnd(WebSocket ws) {
        for (var unused : ws) {
            // the echo, as far as it comes
        }
        return ws.closeInfo().orElseThrow();
    }

    private static @Nullable IOException sendUntilTheEnd(WebSocket ws, Random chance) {
        try {
            while (true) {
                Conversation.send(chance, ws, new Message.Binary(Payload.binary(chance, chance.nextInt(40_000))));
            }
        } catch (IOException e) {
            return e;
        }
    }

    static void rubbishForRequest(Visit visit) throws Exception {
        try (var socket = new Socket(
                InetAddress.getLoopbackAddress(), visit.site().server().port())) {
            feedRubbish(visit, socket);
        }
    }

    static void rubbishForFrames(Visit visit) throws Exception {
        var path = visit.path(Behaviour.ECHO);
        try (var socket = shakenHands(visit, path + "?0")) {
            feedRubbish(visit, socket);
        }
        var unused = visit.serverEnd(path);
    }

    /** A socket behind a handshake, for somebody who does what no WebSocket client does. */
    static Socket shakenHands(Visit visit, String target) throws IOException {
        var loopback = InetAddress.getLoopbackAddress();
        int port = visit.site().server().port();
        var tls = visit.site().tls();
        var socket = tls == null
                ? new Socket(loopback, port)
                : tls.getSocketFactory().createSocket(loopback, port);
        socket.getOutputStream()
                .write(("GET " + target
                                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("no answer but " + head);
            }
            head.append((char) next);
        }
        return socket;
    }

    /** Whatever the rubbish is taken for, the server ends the connection. */
    private static void feedRubbish(Visit visit, Socket socket) throws Exception {
        socket.setSoTimeout(PATIENCE_MILLIS);
        int size = visit.random().nextInt(1 << visit.random().nextInt(14));
        var rubbish = Payload.bytes(visit.random(), size);
        try {
            socket.getOutputStream().write(rubbish);
            if (visit.chance(3)) {
                socket.setSoLinger(true, 0);
                return;
            }
            socket.shutdownOutput();
            if (!(socket instanceof SSLSocket)) {
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (SocketException | SSLException e) {
            // refused in the middle of it
        }
    }
}
