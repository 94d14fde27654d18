package io.github.postern.benchmarks;

import static io.netty.util.ReferenceCountUtil.release;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Netty's decoder called directly, on a direct buffer as its transports fill. It copies the payload into a buffer of
 * the default allocator, released when the next frame is decoded. Text passes the validator that its server installs,
 * one handler further, and becomes a String there.
 */
final class NettyDecoder implements Decoder {
    private final FrameDecoder decoder;
    private final Utf8FrameValidator validator = new Utf8FrameValidator();
    private final Application application = new Application();
    private final ChannelHandlerContext decoderContext;
    private final ChannelHandlerContext validatorContext;
    private final List<Object> out = new ArrayList<>(1);
    private ByteBuf input = Unpooled.EMPTY_BUFFER;
    private Object last = Unpooled.EMPTY_BUFFER;

    NettyDecoder(int maxSize) {
        decoder = new FrameDecoder(maxSize);
        var pipeline = new EmbeddedChannel(decoder, validator, application).pipeline();
        decoderContext = pipeline.context(decoder);
        validatorContext = pipeline.context(validator);
    }

    @Override
    public void load(byte[] frame) {
        if (input.capacity() < frame.length) {
            input.release();
            input = decoderContext.alloc().directBuffer(frame.length);
        }
        input.clear().writeBytes(frame);
    }

    @Override
    public Object decode() throws Exception {
        release(last);
        decoder.frame(decoderContext, input.readerIndex(0), out);
        last = out.removeLast();
        return last;
    }

    @Override
    public Object text() throws Exception {
        validator.channelRead(validatorContext, decode());
        return application.text;
    }

    @Override
    public ByteBuffer payload(Object decoded) {
        return ((WebSocketFrame) decoded).content().nioBuffer();
    }

    /** Opens the one method that decodes. */
    private static final class FrameDecoder extends WebSocket13FrameDecoder {
        FrameDecoder(int maxSize) {
            super(true, false, maxSize);
        }

        void frame(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
            decode(context, in, out);
        }
    }

    /** What a user's handler does with a text frame. */
    private static final class Application extends ChannelInboundHandlerAdapter {
        String text = "";

        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            text = ((TextWebSocketFrame) frame).text();
        }
    }
}
