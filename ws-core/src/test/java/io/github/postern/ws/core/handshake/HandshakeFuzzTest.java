package io.github.postern.ws.core.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random damage to heads and extension lists: only documented outcomes, and the same outcome for every portioning. */
class HandshakeFuzzTest {
    private static final int ROUNDS = 5000;
    private static final String REQUEST = """
            GET /chat/%C3%A9?a=b HTTP/1.1\r
            Host: server.example.com:8080\r
            Upgrade: h2c, websocket\r
            Connection: keep-alive, Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Protocol: chat, superchat\r
            Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits="15", x; a\r
            \r
            """;
    private static final String RESPONSE = """
            HTTP/1.1 101 Switching Protocols\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
            Sec-WebSocket-Protocol: chat\r
            Sec-WebSocket-Extensions: x; a=\"1\"\r
            \r
            """;
    private static final String[] PIECES = {
        "\r",
        "\n",
        "\r\n",
        "\r\n\r\n",
        " ",
        "\t",
        ":",
        ";",
        ",",
        "=",
        "\"",
        "\\",
        "\0",
        "%",
        "%2e",
        "%2F",
        "..",
        "/",
        "?",
        "#",
        "*",
        "\u007f",
        "\u0080",
        "\u00ff",
        "\r\n ",
        "Host: x\r\n",
        "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n",
        "HTTP/1.1",
        "HTTP/1.0",
        "http://h",
        "GET ",
        "CONNECT h:1 ",
        "13",
        "Upgrade: websocket\r\n",
        "0",
        "2",
        "HTTP/2.0",
        "x".repeat(70),
        "x".repeat(125)
    };
    private static final HeadLimits LIMITS = new HeadLimits(120, 420, 10);
    private static final ServerHandshake SERVER = new ServerHandshake(
            List.of("chat"), List.of(offer -> offer.name().equals("x") ? Optional.of(offer) : Optional.empty()));
    private static final ClientHandshake CLIENT = new ClientHandshake(
            "server.example.com",
            "/chat",
            "the sample nonce".getBytes(ISO_8859_1),
            List.of("chat"),
            List.of(new Offer()),
            Headers.empty());

    private static final class Offer implements ExtensionOffer {
        @Override
        public List<Extension> alternatives() {
            return List.of(Extension.of("x"));
        }

        @Override
        public Optional<String> objection(Extension answer) {
            return answer.parameters().size() > 1 ? Optional.of("too many parameters") : Optional.empty();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void damaged_requests_have_documented_outcomes(long seed) {
        var outcomes = new TreeSet<String>();
        rounds(seed, random -> {
            Head head = decode(true, damage(REQUEST, random), random);
            outcomes.add(nameOf(head));
            if (head instanceof Head.Request complete) {
                HandshakeRequest request = complete.request();
                String again = new String(request.encode(), ISO_8859_1);
                assertEquals(head, decodeAgain(true, again).head());
                assertTrue(request.host().isPresent());
                HandshakeResult result = SERVER.respond(request);
                outcomes.add("answer " + result.response().status());
                checkAnswer(result);
            }
        });
        assertEquals(
                Set.of(
                        "answer 101",
                        "answer 400",
                        "answer 405",
                        "answer 426",
                        "incomplete",
                        "400",
                        "414",
                        "431",
                        "505",
                        "complete"),
                outcomes);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void damaged_responses_have_documented_outcomes(long seed) {
        var outcomes = new TreeSet<String>();
        rounds(seed, random -> {
            Head head = decode(false, damage(RESPONSE, random), random);
            outcomes.add(nameOf(head));
            if (head instanceof Head.Response complete) {
                HandshakeResponse response = complete.response();
                HandshakeResult result = CLIENT.check(response);
                outcomes.add(result.getClass().getSimpleName());
                assertEquals(response, result.response());
                if (result instanceof HandshakeResult.Rejected rejected) {
                    assertTrue(rejected.why().chars().allMatch(c -> c >= ' ' && c < 0x7F), rejected.why());
                }
            }
        });
        assertEquals(Set.of("Accepted", "Rejected", "incomplete", "400", "414", "431", "505", "complete"), outcomes);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void damaged_extension_lists_are_read_alike_or_refused(long seed) {
        rounds(seed, random -> {
            String text = damage("permessage-deflate; a=\"15\"; b, x; c = d,, y", random);
            Optional<List<Extension>> parsed = Extension.parse(List.of(text));
            if (parsed.isPresent()) {
                assertEquals(parsed, Extension.parse(List.of(ExtensionHeader.format(parsed.get()))));
            }
        });
    }

    /** Names the outcome, for the check that the damage reaches every one of them. */
    private static String nameOf(@Nullable Head head) {
        if (head instanceof Head.Malformed malformed) {
            return String.valueOf(malformed.status());
        }
        return head == null ? "incomplete" : "complete";
    }

    private static void rounds(long seed, Consumer<SplittableRandom> round) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < ROUNDS; i++) {
            round.accept(random);
        }
    }

    private static void checkAnswer(HandshakeResult result) {
        HandshakeResponse response = result.response();
        if (result instanceof HandshakeResult.Accepted) {
            assertEquals(101, response.status());
        } else {
            assertTrue(List.of(400, 405, 426).contains(response.status()));
        }
        String wire = new String(response.encode(), ISO_8859_1);
        var outcome = decodeAgain(false, wire);
        assertEquals(
                response.status(),
                assertInstanceOf(Head.Response.class, outcome.head()).response().status());
        assertEquals(response.body(), wire.substring(outcome.consumed()));
    }

    /** Decodes whole, byte by byte and in random portions, which must make no difference. */
    private static @Nullable Head decode(boolean request, String text, SplittableRandom random) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        var whole = Portions.decode(request, LIMITS, bytes, at -> bytes.length);
        assertEquals(whole, Portions.decode(request, LIMITS, bytes, at -> at + 1));
        assertEquals(whole, Portions.decode(request, LIMITS, bytes, at -> at + random.nextInt(0, 40)));
        if (whole.head() instanceof Head.Malformed malformed) {
            assertTrue(List.of(400, 414, 431, 505).contains(malformed.status()));
            assertEquals(Tokens.printable(malformed.detail()), malformed.detail());
        }
        assertTrue(whole.head() != null || whole.consumed() <= LIMITS.maxSize());
        return whole.head();
    }

    private static Portions.Outcome decodeAgain(boolean request, String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        return Portions.decode(request, HeadLimits.defaults(), bytes, at -> bytes.length);
    }

    private static String damage(String text, SplittableRandom random) {
        var damaged = new StringBuilder(text);
        for (int times = random.nextInt(4); times >= 0; times--) {
            int range = random.nextInt(3) == 0 ? 35 : Integer.MAX_VALUE; // the start line gets more than its share
            int at = random.nextInt(Math.min(range, damaged.length() + 1));
            int end = Math.min(damaged.length(), at + random.nextInt(8));
            switch (random.nextInt(6)) {
                case 0 -> damaged.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 1 -> damaged.replace(at, end, PIECES[random.nextInt(PIECES.length)]);
                case 2 ->
                    damaged.replace(at, Math.min(damaged.length(), at + 1), String.valueOf((char) random.nextInt(256)));
                case 3 -> damaged.delete(at, end);
                case 4 -> changeDigit(damaged, at, random);
                default -> damaged.insert(at, damaged.substring(Math.max(0, at - random.nextInt(60)), at));
            }
        }
        return damaged.toString();
    }

    private static void changeDigit(StringBuilder text, int from, SplittableRandom random) {
        for (int i = from; i < text.length(); i++) {
            if (Tokens.isDigit(text.charAt(i))) {
                text.setCharAt(i, (char) ('0' + random.nextInt(10)));
                return;
            }
        }
    }
}
