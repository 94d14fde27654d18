package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.client.ProxyServer.Credentials;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyAuthorizationTest {
    private static final ProxyAuthorization MUFASA = new ProxyAuthorization(
            new Credentials("Mufasa", "Circle of Life"), () -> "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");

    private static String answer(ProxyAuthorization authorization, String... fields) {
        return authorization.answer(List.of(fields), "h:1").orElseThrow();
    }

    /** RFC 7616 §3.9.1. */
    @ParameterizedTest
    @CsvSource({
        "MD5, 8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256, 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    })
    void the_example_of_the_rfc_is_answered_as_it_says(String algorithm, String response) {
        var challenge = Challenge.parse(
                        List.of("Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm="
                                + algorithm + ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
                                + "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""))
                .getFirst();
        assertEquals(
                "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", "
                        + "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", uri=\"/dir/index.html\", response=\""
                        + response + "\", algorithm=" + algorithm
                        + ", cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, nc=00000001, "
                        + "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"",
                MUFASA.digest(challenge, algorithm, "GET", "/dir/index.html"));
    }

    @Test
    void the_strongest_challenge_is_answered_whatever_its_place() {
        var basic = "Basic realm=x";
        var md5 = "Digest realm=x, nonce=n, qop=auth";
        var sha = "Digest realm=x, nonce=n, qop=auth, algorithm=sha-256";
        assertTrue(answer(MUFASA, basic, md5, sha).contains("algorithm=SHA-256"));
        assertTrue(answer(MUFASA, md5 + ", " + sha).contains("algorithm=SHA-256"));
        assertTrue(answer(MUFASA, basic, md5).contains("algorithm=MD5"));
        assertEquals("Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl", answer(MUFASA, "Negotiate", basic));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Negotiate",
                "Digest realm=x, nonce=n",
                "Digest realm=x, nonce=n, qop=auth-int",
                "Digest realm=x, qop=auth",
                "Digest realm=x, nonce=n, qop=auth, algorithm=SHA-512-256",
                "Digest realm=x, nonce=n, qop=auth, algorithm=MD5-sess"
            })
    void a_challenge_that_cannot_be_met_is_not_answered(String field) {
        assertEquals(Optional.empty(), MUFASA.answer(List.of(field), "h:1"));
    }

    @Test
    void names_beyond_ascii_are_utf_8() {
        var authorization = new ProxyAuthorization(new Credentials("Jäsøn Doe*", "ü"), () -> "c");
        assertTrue(answer(authorization, "Digest realm=x, nonce=n, qop=auth")
                .startsWith("Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe%2A, "));
        assertEquals("Basic SsOkc8O4biBEb2UqOsO8", answer(authorization, "Basic realm=x"));
    }

    @Test
    void quotes_and_backslashes_are_escaped() {
        var authorization = new ProxyAuthorization(new Credentials("a\"b\\", "p"), () -> "c");
        var answer = answer(authorization, "Digest realm=\"r\\\"\", nonce=n, qop=auth");
        assertTrue(answer.startsWith("Digest username=\"a\\\"b\\\\\", realm=\"r\\\"\""), answer);
    }
}
