package io.github.postern.ws.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.postern.ws.client.ProxyServer.Credentials;
import io.github.postern.ws.connection.SocketTransport;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A tunnel through a SOCKS 5 proxy (RFC 1928). For one thread, which opens one tunnel. */
final class SocksTunnel {
    private static final int VERSION = 5;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int DOMAIN = 3;
    private static final int IPV6 = 4;
    private static final int NO_AUTHENTICATION = 0;
    private static final int USER_AND_PASSWORD = 2;
    private static final int NOT_ACCEPTABLE = 0xFF;
    private static final int MAX_DOMAIN = 255;

    private final ProxyServer proxy;
    private final Target target;
    private final Socket socket;
    private final SocketTransport transport;
    private final Deadline deadline;

    SocksTunnel(ProxyServer proxy, Target target, Socket socket, Duration timeout) throws IOException {
        this.proxy = proxy;
        this.target = target;
        this.socket = socket;
        this.transport = SocketTransport.of(socket);
        this.deadline = Deadline.in(timeout, "no tunnel of the " + proxy);
    }

    /**
     * Opens the tunnel: then the target is at the other end of the socket.
     *
     * @throws ProxyException if the proxy refuses
     */
    void open() throws IOException {
        var credentials = proxy.credentials();
        write(
                credentials == null
                        ? new byte[] {VERSION, 1, NO_AUTHENTICATION}
                        : new byte[] {VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD});
        int method = answer(2)[1] & 0xFF;
        if (method == USER_AND_PASSWORD && credentials != null) {
            authenticate(credentials);
        } else if (method == NOT_ACCEPTABLE) {
            var why = credentials == null ? " wants credentials" : " takes no user and password";
            throw new ProxyException("the " + proxy + why, true);
        } else if (method != NO_AUTHENTICATION) {
            throw new ProxyException("the " + proxy + " chose a method that was not offered: " + method, false);
        }
        write(request());
        readReply();
        socket.setSoTimeout(0);
    }

    /** RFC 1929 §2. */
    private void authenticate(Credentials credentials) throws IOException {
        var message = new ByteArrayOutputStream();
        message.write(1);
        writeField(message, credentials.user().getBytes(UTF_8));
        writeField(message, credentials.password().getBytes(UTF_8));
        write(message.toByteArray());
        if (read(2)[1] != 0) {
            throw new ProxyException("the " + proxy + " refuses the user and password", true);
        }
    }

    /** RFC 1928 §4; a name stays a name, so that the proxy looks it up. */
    private byte[] request() throws IOException {
        var message = new ByteArrayOutputStream();
        message.writeBytes(new byte[] {VERSION, CONNECT, 0});
        var host = HostName.canonical(target.host());
        if (HostName.isAddress(host)) {
            var address = InetAddress.getByName(host).getAddress();
            message.write(address.length == 4 ? IPV4 : IPV6);
            message.writeBytes(address);
        } else {
            if (host.length() > MAX_DOMAIN) {
                throw new ProxyException("a name of " + host.length() + " bytes is too long for the " + proxy, false);
            }
            message.write(DOMAIN);
            writeField(message, host.getBytes(UTF_8));
        }
        message.write(target.port() >> 8);
        message.write(target.port());
        return message.toByteArray();
    }

    private static void writeField(ByteArrayOutputStream message, byte[] field) {
        message.write(field.length);
        message.writeBytes(field);
    }

    /** RFC 1928 §6; the address that the proxy uses is read over. */
    private void readReply() throws IOException {
        var reply = answer(4);
        if (reply[1] != 0) {
            throw new ProxyException(
                    "the " + proxy + " does not connect to " + target.authority() + ": " + reason(reply[1] & 0xFF),
                    false);
        }
        int length = switch (reply[3]) {
            case IPV4 -> 4;
            case IPV6 -> 16;
            case DOMAIN -> read(1)[0] & 0xFF;
            default -> throw new ProxyException("the " + proxy + " answers with no known address", false);
        };
        var unused = read(length + 2);
    }

    private static String reason(int code) {
        return switch (code) {
            case 1 -> "general failure";
            case 2 -> "not allowed by its rules";
            case 3 -> "network unreachable";
            case 4 -> "host unreachable";
            case 5 -> "connection refused";
            case 6 -> "time to live expired";
            case 7 -> "command not supported";
            case 8 -> "address type not supported";
            default -> "unknown reply " + code;
        };
    }

    /** Bytes of which the first is the version. */
    private byte[] answer(int length) throws IOException {
        var bytes = read(length);
        if (bytes[0] != VERSION) {
            throw new ProxyException("the " + proxy + " does not speak SOCKS 5", false);
        }
        return bytes;
    }

    /** Exactly as many bytes: what follows belongs to the tunnel. */
    private byte[] read(int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (transport.read(bytes, deadline.remaining()) < 0) {
                throw new EOFException("the " + proxy + " ended the stream within its handshake");
            }
        }
        return bytes.array();
    }

    private void write(byte[] message) throws IOException {
        transport.write(ByteBuffer.wrap(message));
    }
}
