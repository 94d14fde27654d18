package io.github.postern.ws.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A socket that speaks whatever a test wants. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    RawClient(WebSocketServer server) throws IOException {
        this(server.port());
    }

    RawClient(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = socket.getInputStream();
    }

    /** A client behind its TLS handshake. */
    static RawClient tls(WebSocketServer server, SSLContext context) throws IOException {
        var socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.startHandshake();
        return new RawClient(socket);
    }

    /** The certificate that the server showed. */
    X509Certificate certificate() throws IOException {
        return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
    }

    /** The version of TLS that was agreed on. */
    String tlsVersion() {
        return ((SSLSocket) socket).getSession().getProtocol();
    }

    /** The handshake that a well-behaved client sends. */
    static String upgrade(String path, String... extraHeaders) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + String.join(
                        "", Arrays.stream(extraHeaders).map(h -> h + "\r\n").toList()) + "\r\n";
    }

    RawClient send(String ascii) throws IOException {
        socket.getOutputStream().write(ascii.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    RawClient sendHex(String hex) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
        return this;
    }

    /** A response's head, with its last empty line. */
    String readHead() throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    int readStatus() throws IOException {
        var head = readHead();
        return head.isEmpty() ? -1 : Integer.parseInt(head.substring(9, 12));
    }

    String readHex(int bytes) throws IOException {
        return HexFormat.of().formatHex(in.readNBytes(bytes));
    }

    /** The status of the answer to a request on a connection of its own. */
    static int status(WebSocketServer server, String request) throws IOException {
        try (var client = new RawClient(server)) {
            return client.send(request).readStatus();
        }
    }

    /** Everything up to the end of the stream. */
    String readRest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Reads everything up to the end of the stream, and keeps nothing. */
    void skipRest() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    /** Whether the server ended the connection, in whatever way, before it sent anything. */
    boolean isCutOff() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Whether the server ended the connection, whatever it said before. */
    boolean isEnded() throws IOException {
        try {
            skipRest();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Resets the connection. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Ends the output, as a client does at the end of a closing handshake. */
    void hangUp() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
