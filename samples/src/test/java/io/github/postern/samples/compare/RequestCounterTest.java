package io.github.postern.samples.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestCounterTest {
    @ParameterizedTest(name = "{1} in {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'GET / HTTP/1.1~Host: x~~' | 1",
                "'GET / HTTP/1.1~Host: x' | 0",
                "'GET / HTTP/1.1~Host: x~~GET / HTTP/1.1~Host: x~~' | 2",
                "'POST / HTTP/1.1~Host: x~Content-Length: 6~~GET ~GET / HTTP/1.1~Host: x~~' | 2",
                "'POST / HTTP/1.1~Host: x~Content-Length: 0~~GET / HTTP/1.1~Host: x~~' | 2",
                "'POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~a~GET / HTTP~0~~GET / HTTP/1.1~Host: x~~' | 2",
                "'POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~1;a=b~x~01~y~0~Trailer: 1~~GET / HTTP/1.1~Host: x~~' | 2",
                "'GET / HTTP/1.1~Host: x~Upgrade: websocket~~GET / HTTP/1.1~Host: x~~' | 1",
                "'not HTTP~~GET / HTTP/1.1~Host: x~~' | 0",
            })
    void counts_the_requests(String bytes, int requests) {
        var whole = bytes.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        var atOnce = new RequestCounter();
        atOnce.feed(ByteBuffer.wrap(whole));
        assertEquals(requests, atOnce.requests());

        var byteByByte = new RequestCounter();
        for (var one : whole) {
            byteByByte.feed(ByteBuffer.wrap(new byte[] {one}));
        }
        assertEquals(requests, byteByByte.requests());
    }

    @Test
    void consumes_what_it_is_fed() {
        var bytes = ByteBuffer.wrap(new byte[100]);
        new RequestCounter().feed(bytes);
        assertEquals(0, bytes.remaining());
    }
}
