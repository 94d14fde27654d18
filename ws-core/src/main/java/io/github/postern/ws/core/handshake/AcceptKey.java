package io.github.postern.ws.core.handshake;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The key exchange of RFC 6455 §1.3, which proves that the other side speaks WebSocket. */
final class AcceptKey {
    /** Length of the client's nonce in bytes. */
    static final int NONCE_LENGTH = 16;

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_LENGTH = 24;
    private static final int DATA_LENGTH = 22;

    private static final MessageDigest SHA_1 = newSha1();

    private AcceptKey() {}

    /** The Sec-WebSocket-Key of a nonce of 16 bytes. */
    static String key(byte[] nonce) {
        return Base64.getEncoder().encodeToString(nonce);
    }

    /** Whether the Sec-WebSocket-Key is the Base64 form of exactly 16 bytes: 22 characters of data, then {@code ==}. */
    static boolean isKey(String key) {
        if (key.length() != KEY_LENGTH || !key.endsWith("==")) {
            return false;
        }
        for (int i = 0; i < DATA_LENGTH; i++) {
            char c = key.charAt(i);
            if (!Tokens.isLetter(c) && !Tokens.isDigit(c) && c != '+' && c != '/') {
                return false;
            }
        }
        return true;
    }

    /** The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key. */
    static String answer(String key) {
        byte[] digest = sha1().digest((key + GUID).getBytes(US_ASCII));
        return Base64.getEncoder().encodeToString(digest);
    }

    /** A copy, because asking for a new one leaves something behind in every thread that does. */
    private static MessageDigest sha1() {
        try {
            return (MessageDigest) SHA_1.clone();
        } catch (CloneNotSupportedException e) {
            return newSha1();
        }
    }

    private static MessageDigest newSha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
