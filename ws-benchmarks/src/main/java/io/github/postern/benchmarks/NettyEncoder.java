package io.github.postern.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Netty's encoder called directly. It writes to buffers of the default allocator, released when the next message is
 * encoded. A payload of more than 1 KiB that needs no mask is not copied: it follows its header as it is.
 */
final class NettyEncoder implements Encoder {
    private final FrameEncoder encoder;
    private final ChannelHandlerContext context;
    private final List<Object> out = new ArrayList<>(2);

    NettyEncoder(boolean client) {
        encoder = client ? new FrameEncoder(Frames.MASKING_KEY) : new FrameEncoder();
        context = new EmbeddedChannel(encoder).pipeline().context(encoder);
    }

    @Override
    public Object binary(ByteBuffer payload) throws Exception {
        return encoded(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(payload)));
    }

    @Override
    public Object text(String text) throws Exception {
        return encoded(new TextWebSocketFrame(text));
    }

    private Object encoded(WebSocketFrame frame) throws Exception {
        for (var i = 0; i < out.size(); i++) {
            ReferenceCountUtil.release(out.get(i));
        }
        out.clear();
        encoder.frame(context, frame, out);
        frame.release();
        return out;
    }

    @Override
    public ByteBuffer bytes(Object encoded) {
        var all = Unpooled.buffer();
        for (var part : (List<?>) encoded) {
            all.writeBytes(((ByteBuf) part).duplicate());
        }
        return all.nioBuffer();
    }

    /** Opens the one method that encodes. */
    private static final class FrameEncoder extends WebSocket13FrameEncoder {
        FrameEncoder() {
            super(false);
        }

        FrameEncoder(int maskingKey) {
            super(() -> maskingKey);
        }

        void frame(ChannelHandlerContext context, WebSocketFrame frame, List<Object> out) throws Exception {
            encode(context, frame, out);
        }
    }
}
