package io.github.postern.ws.core.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §1.3; its example is in {@code RfcExampleTest}. */
class AcceptKeyTest {
    @Test
    void key_of_any_16_bytes_is_a_key() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 1000; i++) {
            var nonce = new byte[16];
            random.nextBytes(nonce);
            assertTrue(AcceptKey.isKey(AcceptKey.key(nonce)));
        }
        assertTrue(AcceptKey.isKey("+/AZaz09AAAAAAAAAAAAAA=="));
    }

    @Test
    void only_16_bytes_are_a_key() {
        for (int length = 0; length < 40; length++) {
            String key = Base64.getEncoder().encodeToString(new byte[length]);
            assertEquals(length == 16, AcceptKey.isKey(key), key);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ= ", "dGhlIHNhbXBsZSBub25jZQ=a",
                "dGhlIHNhbXBsZSBub25jZ===", "dGhlIHNhbXBsZSBub25jZQa=", "dGhlIHNhbXBsZSBub25j-_==",
                        "dGhlIHNhbXBs ZSBub25jZ==",
                "dGhlIHNhbXBsZSBub25jZ\u00e9==", "dGhlIHNhbXBsZSBub25jZQAA"
            })
    void anything_else_is_not_a_key(String key) {
        assertFalse(AcceptKey.isKey(key));
    }
}
