package io.github.postern.ws.client;

import java.security.SecureRandom;
import java.util.HexFormat;

/** 16 random bytes, for a handshake or an answer to a proxy. */
final class Nonce {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SIZE = 16;

    private Nonce() {}

    static byte[] bytes() {
        var nonce = new byte[SIZE];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    static String text() {
        return HexFormat.of().formatHex(bytes());
    }
}
