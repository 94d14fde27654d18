package io.github.postern.verify.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the end of a connection is judged, opposite a server that sends what it is told. */
@Timeout(60)
class EndingTest {
    private static final Frame RIGHT = Frame.close(1002, "");

    /** What is said of a server that was to fail the connection with 1002. */
    private static String verdict(Duration patience, boolean ends, byte[]... sent) throws IOException {
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var wire = Wire.connect(
                        new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort()), patience);
                var server = new Wire(listening.accept(), patience)) {
            for (var bytes : sent) {
                server.write(bytes);
            }
            if (ends) {
                server.finishWriting();
            }
            new Peer(wire, Role.SERVER, Optional.empty()).expectFailure(1002);
            return "passed";
        } catch (Finding e) {
            return e.verdict().label();
        }
    }

    private static String verdict(Frame... sent) throws IOException {
        var bytes = new byte[sent.length][];
        for (int i = 0; i < sent.length; i++) {
            bytes[i] = sent[i].encode();
        }
        return verdict(Duration.ofSeconds(30), true, bytes);
    }

    @Test
    void a_close_with_the_code_and_the_end_of_tcp_pass() throws IOException {
        assertEquals("passed", verdict(RIGHT));
        assertEquals("passed", verdict(Frame.ping("own"), RIGHT));
    }

    @Test
    void another_code_fails() throws IOException {
        assertEquals("failed", verdict(Frame.close(1000, "")));
        assertEquals("failed", verdict(Frame.close()));
    }

    @Test
    void a_message_instead_of_a_close_fails() throws IOException {
        assertEquals("failed", verdict(Frame.text("Hello"), RIGHT));
    }

    @Test
    void the_end_of_tcp_alone_is_informational() throws IOException {
        assertEquals("informational", verdict());
    }

    @Test
    void a_message_after_the_close_fails_and_a_control_frame_is_informational() throws IOException {
        assertEquals("failed", verdict(RIGHT, Frame.text("late")));
        assertEquals("informational", verdict(RIGHT, Frame.ping("late")));
    }

    @Test
    void a_server_that_leaves_tcp_open_fails() throws IOException {
        assertEquals("failed", verdict(Duration.ofMillis(100), false, RIGHT.encode()));
        assertEquals("failed", verdict(Duration.ofMillis(100), false));
    }

    @Test
    void a_frame_that_breaks_a_rule_fails() throws IOException {
        var patience = Duration.ofSeconds(30);
        assertEquals("failed", verdict(patience, true, RIGHT.encode(1)), "masked");
        assertEquals("failed", verdict(Frame.close(1005, "")), "a code that must not be sent");
        assertEquals("failed", verdict(Frame.of(Frame.CLOSE, new byte[1])), "one byte");
        assertEquals("failed", verdict(Frame.pong("").withRsv(Frame.RSV1), RIGHT), "RSV1");
        assertEquals("failed", verdict(Frame.of(11, new byte[0]), RIGHT), "reserved opcode");
        assertEquals("failed", verdict(patience, true, Hex.bytes("88 02 03")), "cut off");
    }
}
