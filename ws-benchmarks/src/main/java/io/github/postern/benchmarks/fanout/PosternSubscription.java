package io.github.postern.benchmarks.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.postern.benchmarks.Frames;
import java.io.IOException;

/** A session over a WebSocket by PROTOCOL.md §8, acknowledged as that asks for. */
final class PosternSubscription implements Subscription {
    @Override
    public void open(Wire wire, int port) throws IOException {
        wire.upgrade(port, PosternTopic.PATH, "Sec-WebSocket-Protocol: postern.v1");
        wire.send(control("event:attach\nid:0\ndata:epoch=1\n\n"));
        wire.await("event:attached", "\n\n");
    }

    @Override
    public byte[] acknowledgement(long received) {
        return control("event:ack\nid:" + received + "\n\n");
    }

    private static byte[] control(String content) {
        return Frames.masked(Frames.BINARY, ('\0' + content).getBytes(US_ASCII));
    }
}
