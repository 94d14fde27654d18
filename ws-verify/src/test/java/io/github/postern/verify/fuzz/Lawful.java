package io.github.postern.verify.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.handshake.Extension;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.HandshakeResult;
import io.github.postern.ws.core.handshake.Headers;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** The rules of the opening handshake, as RFC 6455 §4.1 and §4.2 list them. */
final class Lawful {
    static final List<String> SUBPROTOCOLS = List.of("chat", "superchat");

    /** Of both sides: they remember, and the client keeps to a window of 4 KiB. */
    static final PerMessageDeflate DEFLATE = new PerMessageDeflate(false, false, 15, 12);

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    private Lawful() {}

    /** §4.2.1, for a request whose Host and path have been checked. */
    static boolean request(HandshakeRequest request) {
        var headers = request.headers();
        var key = headers.all("Sec-WebSocket-Key");
        return request.method().equals("GET")
                && headers.containsToken("Upgrade", "websocket")
                && headers.containsToken("Connection", "upgrade")
                && headers.all("Sec-WebSocket-Version").equals(List.of("13"))
                && key.size() == 1
                && key.getFirst().matches("[A-Za-z0-9+/]{22}==")
                && headers.all("Origin").size() <= 1
                && hasNoBody(headers)
                && headers.tokens("Sec-WebSocket-Protocol").stream().allMatch(name -> name.matches(TOKEN))
                && Extension.parse(headers.all("Sec-WebSocket-Extensions")).isPresent();
    }

    private static boolean hasNoBody(Headers headers) {
        return headers.all("Transfer-Encoding").isEmpty()
                && headers.all("Content-Length").stream().allMatch("0"::equals);
    }

    /** §4.2.2 */
    static void assertAnswers(HandshakeRequest request, HandshakeResult.Accepted accepted) {
        var headers = accepted.response().headers();
        var key = request.headers().first("Sec-WebSocket-Key").orElseThrow();
        assertEquals(101, accepted.response().status());
        assertEquals(List.of("websocket"), headers.all("Upgrade"));
        assertEquals(List.of("Upgrade"), headers.all("Connection"));
        assertEquals(List.of(acceptOf(key)), headers.all("Sec-WebSocket-Accept"));

        var offered = request.headers().tokens("Sec-WebSocket-Protocol");
        var chosen = SUBPROTOCOLS.stream().filter(offered::contains).findFirst();
        assertEquals(chosen.map(List::of).orElse(List.of()), headers.all("Sec-WebSocket-Protocol"));
        assertEquals(chosen.orElse(""), accepted.negotiated().subprotocol());

        var answers = accepted.negotiated().extensions();
        var offers = Extension.parse(request.headers().all("Sec-WebSocket-Extensions"))
                .orElseThrow();
        assertEquals(
                answers,
                Extension.parse(headers.all("Sec-WebSocket-Extensions")).orElseThrow());
        assertEquals(
                offers.stream()
                        .filter(offer -> TestExtension.isKnown(offer)
                                || DeflateElement.offer(offer).isPresent())
                        .map(Extension::name)
                        .distinct()
                        .toList(),
                answers.stream().map(Extension::name).toList());
        answers.forEach(answer -> assertTrue(isAnswer(answer, offers), () -> answer + " to " + offers));
    }

    /** Whether it answers the first sound offer of its name. */
    private static boolean isAnswer(Extension answer, List<Extension> offers) {
        if (answer.name().equals(TestExtension.NAME)) {
            return offers.stream().filter(TestExtension::isKnown).findFirst().equals(Optional.of(answer));
        }
        var offer = offers.stream()
                .flatMap(element -> DeflateElement.offer(element).stream())
                .findFirst();
        return offer.orElseThrow().allows(DeflateElement.answer(answer).orElseThrow());
    }

    /** §4.1, the answer to a request with this nonce, both subprotocols, the test extension and {@link #DEFLATE}. */
    static boolean response(HandshakeResponse response, byte[] nonce) {
        var headers = response.headers();
        var upgrade = headers.tokens("Upgrade");
        var chosen = headers.all("Sec-WebSocket-Protocol");
        return response.status() == 101
                && !upgrade.isEmpty()
                && upgrade.stream().allMatch("WebSocket"::equalsIgnoreCase)
                && headers.containsToken("Connection", "upgrade")
                && headers.all("Sec-WebSocket-Accept")
                        .equals(List.of(acceptOf(Base64.getEncoder().encodeToString(nonce))))
                && (chosen.isEmpty() || chosen.size() == 1 && SUBPROTOCOLS.containsAll(chosen))
                && Extension.parse(headers.all("Sec-WebSocket-Extensions"))
                        .filter(Lawful::isOffered)
                        .isPresent();
    }

    private static boolean isOffered(List<Extension> answers) {
        var names = new HashSet<String>();
        return answers.stream().allMatch(answer -> names.add(answer.name()) && isOffered(answer));
    }

    private static boolean isOffered(Extension answer) {
        var offer = DeflateElement.offer(DEFLATE.alternatives().getFirst()).orElseThrow();
        return TestExtension.isKnown(answer)
                || DeflateElement.answer(answer).filter(offer::allows).isPresent();
    }

    private static String acceptOf(String key) {
        try {
            var proof = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(proof));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
