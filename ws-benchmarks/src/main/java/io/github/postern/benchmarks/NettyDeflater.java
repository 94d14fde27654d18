package io.github.postern.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Netty's compressing and framing handlers in a channel, for they cannot be called without one. */
final class NettyDeflater implements Encoder {
    private final EmbeddedChannel channel;
    private final List<ByteBuf> out = new ArrayList<>(2);

    NettyDeflater(boolean contextTakeover) {
        channel = new EmbeddedChannel(
                new WebSocket13FrameEncoder(false),
                NettyDeflate.negotiated(contextTakeover).newExtensionEncoder());
    }

    @Override
    public Object binary(ByteBuffer payload) {
        return encoded(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(payload)));
    }

    @Override
    public Object text(String text) {
        return encoded(new TextWebSocketFrame(text));
    }

    private Object encoded(Object frame) {
        for (var i = 0; i < out.size(); i++) {
            ReferenceCountUtil.release(out.get(i));
        }
        out.clear();
        channel.writeOutbound(frame);
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            out.add(part);
        }
        return out;
    }

    @Override
    public ByteBuffer bytes(Object encoded) {
        var all = Unpooled.buffer();
        for (var part : out) {
            all.writeBytes(part.duplicate());
        }
        return all.nioBuffer();
    }
}
