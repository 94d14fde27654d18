package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PeerTest {
    @Test
    void what_a_conduct_finds_wrong_fails_the_test() throws Exception {
        var peer = new Peer(visit -> assertEquals("GET / HTTP/1.1\r\n\r\n", visit.head()));
        try (var socket = new Socket(Loopback.FIRST, peer.port())) {
            socket.getOutputStream().write("GET /other HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals(-1, socket.getInputStream().read());
        }
        assertThrows(AssertionError.class, peer::close);
    }
}
