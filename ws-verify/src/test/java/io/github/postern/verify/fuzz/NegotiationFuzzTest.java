package io.github.postern.verify.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.postern.ws.core.handshake.ClientHandshake;
import io.github.postern.ws.core.handshake.Extension;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.HandshakeResult;
import io.github.postern.ws.core.handshake.Head;
import io.github.postern.ws.core.handshake.HeadLimits;
import io.github.postern.ws.core.handshake.Headers;
import io.github.postern.ws.core.handshake.HttpHeadDecoder;
import io.github.postern.ws.core.handshake.Negotiated;
import io.github.postern.ws.core.handshake.ServerHandshake;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Whatever the other side says in its handshake, it is accepted if and only if the RFC allows it. */
class NegotiationFuzzTest {
    private static final HeadLimits LIMITS = HeadLimits.defaults();
    private static final Set<Integer> REFUSALS = Set.of(400, 405, 426);
    private static final byte[] NONCE = Base64.getDecoder().decode("dGhlIHNhbXBsZSBub25jZQ==");

    private static final ServerHandshake SERVER =
            new ServerHandshake(Lawful.SUBPROTOCOLS, List.of(new TestExtension(), Lawful.DEFLATE));
    private static final ClientHandshake CLIENT = client(NONCE);

    /** Input: whom it is for, then the head. */
    @FuzzTest
    void whatever_is_said_is_accepted_only_by_the_rules(byte[] input) {
        var choices = new Choices(input);
        var decoder = choices.yes() ? HttpHeadDecoder.forRequest(LIMITS) : HttpHeadDecoder.forResponse(LIMITS);
        var head = decoder.next(ByteBuffer.wrap(choices.rest()));
        if (head instanceof Head.Request(HandshakeRequest request)) {
            serve(request);
        } else if (head instanceof Head.Response(HandshakeResponse response)) {
            check(response);
        }
    }

    private static void serve(HandshakeRequest request) {
        switch (SERVER.respond(request)) {
            case HandshakeResult.Accepted accepted -> {
                assertTrue(Lawful.request(request), "accepted against the rules");
                Lawful.assertAnswers(request, accepted);
                agree(request, accepted);
            }
            case HandshakeResult.Rejected rejected -> {
                assertTrue(!Lawful.request(request), () -> "rejected against the rules: " + rejected.why());
                refused(rejected);
            }
        }
    }

    private static void refused(HandshakeResult.Rejected rejected) {
        var response = rejected.response();
        assertTrue(REFUSALS.contains(response.status()), () -> "status " + response.status());
        assertEquals(response.status() == 426, response.headers().contains("Sec-WebSocket-Version"));
        assertEquals(response.status() == 405, response.headers().contains("Allow"));
        assertTrue(!response.headers().contains("Sec-WebSocket-Accept"));
        assertPrintable(rejected.why());
        assertEquals(response.status(), reread(response).status());
    }

    /** A client that made the request accepts the answer to it. */
    private static void agree(HandshakeRequest request, HandshakeResult.Accepted answer) {
        var key = request.headers().first("Sec-WebSocket-Key").orElseThrow();
        var nonce = Base64.getDecoder().decode(key);
        var sameKey = Base64.getEncoder().encodeToString(nonce).equals(key); // the last digit has bits to spare
        var sameOffer = request.headers().tokens("Sec-WebSocket-Protocol").containsAll(Lawful.SUBPROTOCOLS);
        if (sameKey && sameOffer) {
            var result = client(nonce).check(reread(answer.response()));
            assertEquals(
                    names(answer.negotiated()),
                    result instanceof HandshakeResult.Accepted accepted ? names(accepted.negotiated()) : result);
        }
    }

    /** What was agreed on, without the parameters: a client keeps promises that the server need not repeat. */
    private static List<String> names(Negotiated negotiated) {
        return Stream.concat(
                        Stream.of(negotiated.subprotocol()),
                        negotiated.extensions().stream().map(Extension::name))
                .toList();
    }

    private static void check(HandshakeResponse response) {
        switch (CLIENT.check(response)) {
            case HandshakeResult.Accepted accepted -> {
                assertTrue(Lawful.response(response, NONCE), "accepted against the rules");
                assertEquals(
                        response.headers().first("Sec-WebSocket-Protocol").orElse(""),
                        accepted.negotiated().subprotocol());
            }
            case HandshakeResult.Rejected rejected -> {
                assertTrue(!Lawful.response(response, NONCE), () -> "rejected against the rules: " + rejected.why());
                assertEquals(response, rejected.response());
                assertPrintable(rejected.why());
            }
        }
    }

    private static void assertPrintable(String why) {
        assertTrue(why.chars().allMatch(c -> c >= ' ' && c < 0x7F), "reason is not printable");
    }

    private static HandshakeResponse reread(HandshakeResponse response) {
        var head = HttpHeadDecoder.forResponse(new HeadLimits(1 << 20, 1 << 20, 1000))
                .next(ByteBuffer.wrap(response.encode()));
        if (head instanceof Head.Response(HandshakeResponse decoded)) {
            return decoded;
        }
        throw new AssertionError("what was written cannot be read: " + head);
    }

    private static ClientHandshake client(byte[] nonce) {
        return new ClientHandshake(
                "example.org",
                "/",
                nonce,
                Lawful.SUBPROTOCOLS,
                List.of(new TestExtension(), Lawful.DEFLATE),
                Headers.empty());
    }
}
