package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class SocketTransportTest {
    @ParameterizedTest(name = "{0} ns: {1} ms")
    @CsvSource({
        "0, 0",
        "1, 1",
        "1000000, 1",
        "1000001, 2",
        "2147483646000000, 2147483646",
        "2147483646000001, 2147483647",
        "9223372036854775807, 2147483647",
    })
    void a_timeout_becomes_milliseconds_and_never_less(long nanos, int millis) throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var socket = new Socket(listener.getInetAddress(), listener.getLocalPort());
                var peer = listener.accept()) {
            var transport = SocketTransport.of(socket);
            peer.getOutputStream().write(1);
            while (transport.available() == 0) {
                Thread.onSpinWait();
            }
            assertEquals(1, transport.read(ByteBuffer.allocate(1), nanos));
            assertEquals(millis, socket.getSoTimeout());
        }
    }

    @Test
    void nothing_is_available_at_the_end_of_the_stream() throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
            listener.accept().close();
            var transport = SocketTransport.of(socket);
            assertEquals(-1, transport.read(ByteBuffer.allocate(1), 0));
            assertEquals(0, transport.available());
        }
    }
}
