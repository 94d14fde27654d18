package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Connection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RFC 8441: WebSockets in the streams of one HTTP/2 connection, by Jetty's client. */
@Timeout(60)
class WebSocketOverHttp2Test {
    private static final int PATIENCE_SECONDS = 10;

    private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
    private final HTTP2Client client = new HTTP2Client();
    private PushServer server;
    private Session session;

    @BeforeEach
    void start() throws Exception {
        server = PushServer.builder().path("/push", this::echo).start();
        client.start();
        session = client.connect(new InetSocketAddress("localhost", server.port()), new Session.Listener() {})
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        client.stop();
        server.shutdown(Duration.ZERO, Duration.ZERO);
    }

    private void echo(Connection connection) throws IOException {
        for (var message : connection) {
            connection.send(message);
        }
        ended.add(connection.closeInfo().orElseThrow().status().code());
    }

    /** The client's end of a stream. */
    private final class Tunnel implements Stream.Listener {
        final CompletableFuture<MetaData.Response> response = new CompletableFuture<>();
        private final BlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();
        private byte[] rest = {};
        private final Stream stream;

        Tunnel(String path, String... headers) throws Exception {
            var fields = HttpFields.build();
            fields.put("sec-websocket-version", "13");
            for (int i = 0; i < headers.length; i += 2) {
                fields.put(headers[i], headers[i + 1]);
            }
            var authority = new HostPortHttpField("localhost:" + server.port());
            var request = new MetaData.ConnectRequest(HttpScheme.HTTP, authority, path, fields, "websocket");
            stream = session.newStream(new HeadersFrame(request, null, false), this)
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        MetaData.Response answer() throws Exception {
            return response.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public void onHeaders(Stream of, HeadersFrame frame) {
            response.complete((MetaData.Response) frame.getMetaData());
            of.demand();
        }

        @Override
        public void onDataAvailable(Stream of) {
            for (var data = of.readData(); data != null; data = of.readData()) {
                var buffer = data.frame().getByteBuffer();
                var bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                boolean last = data.frame().isEndStream();
                data.release();
                if (bytes.length > 0) {
                    arrived.add(bytes);
                }
                if (last) {
                    arrived.add(new byte[0]); // the end
                    return;
                }
            }
            of.demand();
        }

        /** Sends a frame whose masking key is zero. */
        void send(int opcode, byte[] payload) throws Exception {
            var frame = ByteBuffer.allocate(payload.length + 6);
            frame.put((byte) (0x80 | opcode))
                    .put((byte) (0x80 | payload.length))
                    .putInt(0);
            frame.put(payload).flip();
            stream.data(new DataFrame(stream.getId(), frame, false)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        /** Ends the client's half of the stream, as a client does when the WebSocket is closed. */
        void end() throws Exception {
            stream.data(new DataFrame(stream.getId(), ByteBuffer.allocate(0), true))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        /** So many bytes of what the server sent; fewer at the end of the stream. */
        byte[] read(int count) throws InterruptedException {
            var out = new ByteArrayOutputStream();
            while (out.size() < count) {
                if (rest.length == 0) {
                    var next = arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    assertNotNull(next, "nothing came");
                    if (next.length == 0) {
                        break;
                    }
                    rest = next;
                }
                int taken = Math.min(rest.length, count - out.size());
                out.write(rest, 0, taken);
                rest = Arrays.copyOfRange(rest, taken, rest.length);
            }
            return out.toByteArray();
        }

        /** The payload of the next frame, which has that opcode and less than 126 bytes. */
        byte[] frame(int opcode) throws InterruptedException {
            var head = read(2);
            assertEquals(0x80 | opcode, head[0] & 0xFF);
            return read(head[1]);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void a_bare_websocket_carries_messages_both_ways_and_closes() throws Exception {
        var tunnel = new Tunnel("/push");
        var answer = tunnel.answer();
        assertEquals(200, answer.getStatus());
        assertFalse(answer.getHttpFields().contains("sec-websocket-accept"));
        tunnel.send(1, utf8("hello"));
        assertEquals("hello", new String(tunnel.frame(1), StandardCharsets.UTF_8));
        tunnel.send(2, new byte[] {1, 2, 3});
        assertArrayEquals(new byte[] {1, 2, 3}, tunnel.frame(2));
        tunnel.send(8, new byte[] {3, (byte) 0xE8});
        assertArrayEquals(new byte[] {3, (byte) 0xE8}, tunnel.frame(8));
        assertEquals(0, tunnel.read(1).length, "the stream has ended");
        tunnel.end();
        assertEquals(1000, ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void websockets_of_the_protocol_share_one_connection() throws Exception {
        for (int i = 0; i < 3; i++) {
            var tunnel = new Tunnel("/push", "sec-websocket-protocol", "postern.v1");
            assertEquals(200, tunnel.answer().getStatus());
            assertEquals("postern.v1", tunnel.answer().getHttpFields().get("sec-websocket-protocol"));
            tunnel.send(2, utf8("\0event:attach\ndata:epoch=1\n\n"));
            var head = tunnel.read(4); // of a frame with 126 bytes or more
            assertEquals(126, head[1]);
            var attached = tunnel.read((head[2] & 0xFF) << 8 | (head[3] & 0xFF));
            assertTrue(new String(attached, StandardCharsets.UTF_8).contains("event:attached"));
            tunnel.send(1, utf8("a" + i));
            assertEquals("a" + i, new String(tunnel.frame(1), StandardCharsets.UTF_8));
        }
        assertEquals(1, server.connections());
    }

    @Test
    void a_stream_that_is_reset_ends_its_session() throws Exception {
        var tunnel = new Tunnel("/push");
        assertEquals(200, tunnel.answer().getStatus());
        tunnel.send(1, utf8("a"));
        assertEquals("a", new String(tunnel.frame(1), StandardCharsets.UTF_8));
        tunnel.stream.reset(new ResetFrame(tunnel.stream.getId(), 8), Callback.NOOP);
        assertEquals(1006, ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void refuses_what_it_refuses_over_http_1() throws Exception {
        assertEquals(
                403,
                new Tunnel("/push", "origin", "https://other.example").answer().getStatus());
        assertEquals(
                426, new Tunnel("/push", "sec-websocket-version", "12").answer().getStatus());
        assertEquals(404, new Tunnel("/nothing").answer().getStatus());
    }
}
