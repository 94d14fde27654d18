package io.github.postern.benchmarks;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import java.nio.ByteBuffer;

/** Netty's parsing, decompressing and validating handlers in a channel, for they cannot be called without one. */
final class NettyInflater implements Decoder {
    private final EmbeddedChannel channel;
    private ByteBuf input = Unpooled.EMPTY_BUFFER;
    private TextWebSocketFrame last = new TextWebSocketFrame();

    NettyInflater(boolean contextTakeover) {
        channel = new EmbeddedChannel(
                new WebSocket13FrameDecoder(true, true, DeflatedFrames.TEXT_SIZE),
                NettyDeflate.negotiated(contextTakeover).newExtensionDecoder(),
                new Utf8FrameValidator());
    }

    @Override
    public void load(byte[] frame) {
        input = channel.alloc().directBuffer(frame.length).writeBytes(frame);
    }

    @Override
    public Object decode() {
        last.release();
        channel.writeInbound(input);
        last = requireNonNull(channel.readInbound());
        return last;
    }

    @Override
    public Object text() {
        return ((TextWebSocketFrame) decode()).text();
    }

    @Override
    public ByteBuffer payload(Object decoded) {
        return ((TextWebSocketFrame) decoded).content().nioBuffer();
    }
}
