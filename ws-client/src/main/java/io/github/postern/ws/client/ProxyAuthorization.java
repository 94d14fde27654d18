package io.github.postern.ws.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.postern.ws.client.ProxyServer.Credentials;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Answers a proxy's challenge (RFC 7616, RFC 7617).
 *
 * @param credentials user and password
 * @param clientNonces gives a fresh client nonce, of token characters, for each answer
 */
record ProxyAuthorization(Credentials credentials, Supplier<String> clientNonces) {
    /** The hash functions that are known, the stronger one first: how a challenge and how Java calls it. */
    private static final List<String> ALGORITHMS = List.of("SHA-256", "MD5");

    /**
     * The value of Proxy-Authorization for the strongest challenge that can be answered.
     *
     * @param fields the values of Proxy-Authenticate
     * @param authority what CONNECT asks for
     * @return empty if there is no such challenge
     */
    Optional<String> answer(List<String> fields, String authority) {
        var challenges = Challenge.parse(fields);
        var digests = ALGORITHMS.stream()
                .flatMap(algorithm -> challenges.stream()
                        .filter(challenge -> isDigest(challenge, algorithm))
                        .map(challenge -> digest(challenge, algorithm, "CONNECT", authority)));
        var basic = challenges.stream()
                .filter(challenge -> challenge.scheme().equals("basic"))
                .map(challenge -> basic());
        return Stream.concat(digests, basic).findFirst();
    }

    private static boolean isDigest(Challenge challenge, String algorithm) {
        var named = challenge.get("algorithm");
        return challenge.scheme().equals("digest")
                && (named.isEmpty() ? "MD5" : named).equalsIgnoreCase(algorithm) // RFC 7616 §3.3
                && Stream.of(challenge.get("qop").split(",", -1))
                        .anyMatch(qop -> qop.strip().equalsIgnoreCase("auth"))
                && !challenge.get("nonce").isEmpty();
    }

    private String basic() {
        var pair = credentials.user() + ':' + credentials.password();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    /** One answer to a nonce that was never used before: its count is 1 (RFC 7616 §3.4). */
    String digest(Challenge challenge, String algorithm, String method, String uri) {
        var user = credentials.user();
        var realm = challenge.get("realm");
        var nonce = challenge.get("nonce");
        var clientNonce = clientNonces.get();
        var secret = hash(algorithm, user + ':' + realm + ':' + credentials.password());
        var request = hash(algorithm, method + ':' + uri);
        var response = hash(algorithm, secret + ':' + nonce + ":00000001:" + clientNonce + ":auth:" + request);
        var answer = new StringBuilder("Digest ")
                .append(userField(user))
                .append(", realm=")
                .append(quoted(realm))
                .append(", nonce=")
                .append(quoted(nonce))
                .append(", uri=")
                .append(quoted(uri))
                .append(", response=")
                .append(quoted(response))
                .append(", algorithm=")
                .append(algorithm)
                .append(", cnonce=")
                .append(quoted(clientNonce))
                .append(", qop=auth, nc=00000001");
        if (!challenge.get("opaque").isEmpty()) {
            answer.append(", opaque=").append(quoted(challenge.get("opaque")));
        }
        return answer.toString();
    }

    /** A name beyond ASCII has a notation of its own (RFC 7616 §3.4, RFC 8187 §3.2). */
    private static String userField(String user) {
        return user.chars().allMatch(c -> c < 0x7F)
                ? "username=" + quoted(user)
                : "username*=UTF-8''"
                        + URLEncoder.encode(user, UTF_8).replace("+", "%20").replace("*", "%2A");
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String hash(String algorithm, String text) {
        try {
            var digest = MessageDigest.getInstance(algorithm.toUpperCase(Locale.ROOT));
            return HexFormat.of().formatHex(digest.digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has " + algorithm, e);
        }
    }
}
