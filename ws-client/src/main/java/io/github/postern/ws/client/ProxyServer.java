package io.github.postern.ws.client;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that connections go through, and how it is spoken to. Immutable.
 *
 * <p>Every kind carries {@code ws} and {@code wss} in a tunnel: the proxy is told host and port, and with TLS it sees
 * nothing else of what follows. Names are looked up by the proxy, not here.
 */
public final class ProxyServer {
    /** A field of SOCKS has its length in one byte (RFC 1928 §6, RFC 1929 §2). */
    private static final int MAX_SOCKS_FIELD = 255;

    /** The protocol of a proxy. */
    public enum Kind {
        /** The method CONNECT of HTTP/1.1 (RFC 9110 §9.3.6), over plain TCP. */
        HTTP,

        /** SOCKS version 5 (RFC 1928). */
        SOCKS5
    }

    /** What a proxy may ask for; never printed. */
    record Credentials(String user, String password) {
        @Override
        public String toString() {
            return "credentials";
        }
    }

    private final Kind kind;
    private final String host;
    private final int port;
    private final @Nullable Credentials credentials;

    private ProxyServer(Kind kind, String host, int port, @Nullable Credentials credentials) {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("no proxy host");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("proxy port out of range: " + port);
        }
        this.kind = kind;
        this.host = host;
        this.port = port;
        this.credentials = credentials;
    }

    /**
     * {@return an HTTP proxy that understands CONNECT}
     *
     * @param host name or address, an IPv6 address without brackets
     * @param port 1 to 65,535
     * @throws IllegalArgumentException if the host is empty or the port is out of range
     */
    public static ProxyServer http(String host, int port) {
        return new ProxyServer(Kind.HTTP, host, port, null);
    }

    /**
     * {@return a SOCKS 5 proxy}
     *
     * @param host name or address, an IPv6 address without brackets
     * @param port 1 to 65,535
     * @throws IllegalArgumentException if the host is empty or the port is out of range
     */
    public static ProxyServer socks5(String host, int port) {
        return new ProxyServer(Kind.SOCKS5, host, port, null);
    }

    /** What a {@link java.net.ProxySelector} chose, which is not a direct connection. */
    static ProxyServer of(java.net.Proxy chosen) {
        if (!(chosen.address() instanceof InetSocketAddress address)) {
            throw new IllegalArgumentException("proxy without host and port: " + chosen);
        }
        var kind = chosen.type() == java.net.Proxy.Type.SOCKS ? Kind.SOCKS5 : Kind.HTTP;
        return new ProxyServer(kind, address.getHostString(), address.getPort(), null);
    }

    /**
     * {@return the same proxy with a user and password, which it gets when it asks for them, and nobody else ever} An HTTP
     * proxy is answered with Digest (RFC 7616: SHA-256 rather than MD5, {@code qop=auth}) if it offers that,
     * otherwise with Basic, which shows the password to whoever listens on the way to the proxy, as that of SOCKS 5
     * does (RFC 1929).
     *
     * @param user the name; without a colon for an HTTP proxy, 1 to 255 bytes of UTF-8 for SOCKS 5
     * @param password the password; 1 to 255 bytes of UTF-8 for SOCKS 5
     * @throws IllegalArgumentException if one of them has no such form, or has a control character
     */
    public ProxyServer withCredentials(String user, String password) {
        requireNoControls("user", user);
        requireNoControls("password", password);
        if (kind == Kind.HTTP && user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("a user with a colon: " + user); // RFC 7617 §2
        }
        if (kind == Kind.SOCKS5) {
            requireSocksField("user", user);
            requireSocksField("password", password);
        }
        return new ProxyServer(kind, host, port, new Credentials(user, password));
    }

    private static void requireNoControls(String what, String text) {
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
            throw new IllegalArgumentException(what + " has a control character");
        }
    }

    private static void requireSocksField(String what, String text) {
        int size = text.getBytes(StandardCharsets.UTF_8).length;
        if (size < 1 || size > MAX_SOCKS_FIELD) {
            throw new IllegalArgumentException(what + " of " + size + " bytes, not 1 to " + MAX_SOCKS_FIELD);
        }
    }

    /** {@return which protocol it speaks} */
    public Kind kind() {
        return kind;
    }

    /** {@return its name or address} */
    public String host() {
        return host;
    }

    /** {@return its port} */
    public int port() {
        return port;
    }

    @Nullable
    Credentials credentials() {
        return credentials;
    }

    /** Kind, host and port; not the credentials. */
    @Override
    public String toString() {
        return (kind == Kind.HTTP ? "HTTP proxy " : "SOCKS proxy ") + HostName.withPort(host, port);
    }
}
