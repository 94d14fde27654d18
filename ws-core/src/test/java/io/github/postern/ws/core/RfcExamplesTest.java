package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.bytes;
import static io.github.postern.ws.core.Wire.frame;
import static io.github.postern.ws.core.Wire.hex;
import static io.github.postern.ws.core.Wire.pattern;
import static io.github.postern.ws.core.Wire.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The examples of RFC 6455 §5.7, and one more of masking, each read and written. */
class RfcExamplesTest {
    private static final String UNMASKED_TEXT = "81 05 48656c6c6f"; // Hello
    private static final String MASKED_TEXT = "81 85 37fa213d 7f9f4d5158"; // Hello
    private static final String FIRST_FRAGMENT = "01 03 48656c"; // Hel
    private static final String LAST_FRAGMENT = "80 02 6c6f"; // lo
    private static final String UNMASKED_PING = "89 05 48656c6c6f";
    private static final String MASKED_PONG = "8a 85 37fa213d 7f9f4d5158";
    private static final String CHINESE_TEXT = "81 8f 08f6efb1 ee7e7e5790590629b713412ced654a"; // 我是阿宝哥

    @Test
    void a_single_frame_unmasked_text_message() {
        reads(Role.CLIENT, UNMASKED_TEXT, "text Hello");
        assertEquals(bytesOf(UNMASKED_TEXT), written(Role.SERVER, out -> out.text("Hello")));
    }

    @Test
    void a_single_frame_masked_text_message() {
        reads(Role.SERVER, MASKED_TEXT, "text Hello");
        assertEquals(bytesOf(MASKED_TEXT), written(Role.CLIENT, out -> out.text("Hello")));
    }

    @Test
    void a_fragmented_unmasked_text_message() {
        reads(Role.CLIENT, FIRST_FRAGMENT + LAST_FRAGMENT, "text Hello");
        assertEquals(
                bytesOf(FIRST_FRAGMENT + LAST_FRAGMENT),
                written(Role.SERVER, out -> out.textPart("Hel", false), out -> out.textPart("lo", true)));
    }

    @Test
    void an_unmasked_ping_and_its_masked_answer() {
        var event = new Inbound(Role.CLIENT, Limits.defaults()).next(ByteBuffer.wrap(bytes(UNMASKED_PING)));
        assertTrue(event instanceof Event.Ping);
        assertEquals("ping 48656c6c6f", Wire.words(event));
        assertEquals(bytesOf(MASKED_PONG), written(Role.CLIENT, out -> out.reply(((Event.Ping) event).reply())));
        assertEquals(bytesOf(UNMASKED_PING), written(Role.SERVER, out -> out.ping(ByteBuffer.wrap(utf8("Hello")))));
        reads(Role.SERVER, MASKED_PONG, "pong 48656c6c6f");
    }

    @Test
    void a_256_byte_binary_message_in_a_single_unmasked_frame() {
        var message = pattern(256);
        var wire = "82 7e 0100" + hex(message);
        reads(Role.CLIENT, wire, "binary " + hex(message));
        assertEquals(bytesOf(wire), written(Role.SERVER, out -> out.binary(ByteBuffer.wrap(message))));
    }

    @Test
    void a_64_kib_binary_message_in_a_single_unmasked_frame() {
        var message = pattern(65536);
        var wire = "82 7f 0000000000010000" + hex(message);
        reads(Role.CLIENT, wire, "binary " + hex(message));
        assertEquals(bytesOf(wire), written(Role.SERVER, out -> out.binary(ByteBuffer.wrap(message))));
    }

    @Test
    void the_same_payload_under_another_key() {
        reads(Role.SERVER, CHINESE_TEXT, "text 我是阿宝哥");
        var out = new Outbound(Role.CLIENT, () -> 0x08f6efb1);
        assertEquals(bytesOf(CHINESE_TEXT), written(out, it -> it.text("我是阿宝哥")));
    }

    @Test
    void the_slow_way_of_the_tests_agrees() {
        assertEquals(bytesOf(MASKED_TEXT), hex(Wire.masked(frame(0x81, utf8("Hello")), Wire.KEY)));
    }

    private static String bytesOf(String hex) {
        return hex.replace(" ", "");
    }

    private static void reads(Role role, String hex, String event) {
        Received.gives(role, Limits.defaults(), bytes(hex), event);
    }

    @SafeVarargs
    private static String written(Role role, Consumer<Outbound>... commands) {
        return written(new Outbound(role, () -> Wire.KEY), commands);
    }

    @SafeVarargs
    private static String written(Outbound outbound, Consumer<Outbound>... commands) {
        var target = ByteBuffer.allocate(70_000);
        for (var command : commands) {
            command.accept(outbound);
            assertTrue(outbound.encode(target));
        }
        return hex(target.flip());
    }
}
