package io.github.postern.verify.fuzz;

import io.github.postern.ws.core.Role;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The independent decoder: Netty's handlers for frames, UTF-8 and fragments, without a network. */
final class NettyDecoder extends ChannelInboundHandlerAdapter {
    private final List<String> events = new ArrayList<>();
    private String end = Verdict.OPEN;

    private NettyDecoder() {}

    static Verdict verdict(byte[] wire, Role role, int largest) {
        var decoder = new NettyDecoder();
        var config = WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(role == Role.SERVER)
                .allowMaskMismatch(false)
                .allowExtensions(false)
                .maxFramePayloadLength(largest)
                .closeOnProtocolViolation(false)
                .build();
        var channel = new EmbeddedChannel(
                new WebSocket13FrameDecoder(config),
                new Utf8FrameValidator(false),
                new WebSocketFrameAggregator(largest),
                decoder);
        channel.writeInbound(Unpooled.wrappedBuffer(wire.clone()));
        var verdict = new Verdict(decoder.events, decoder.end);
        channel.finishAndReleaseAll();
        return verdict;
    }

    /** Netty goes on after a failure; what it says then does not count. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var frame = (WebSocketFrame) message;
        try {
            if (end.equals(Verdict.OPEN)) {
                read(frame);
            }
        } finally {
            frame.release();
        }
    }

    private void read(WebSocketFrame frame) {
        switch (frame) {
            case TextWebSocketFrame text -> events.add(Words.text(text.content().toString(StandardCharsets.UTF_8)));
            case BinaryWebSocketFrame binary ->
                events.add(Words.binary(binary.content().nioBuffer()));
            case PingWebSocketFrame ping -> events.add(Words.ping(ping.content().nioBuffer()));
            case PongWebSocketFrame pong -> events.add(Words.pong(pong.content().nioBuffer()));
            case CloseWebSocketFrame close -> end = closed(close.content());
            default -> throw new IllegalStateException("not aggregated: " + frame);
        }
    }

    /** From the bytes, since Netty's own accessor reads the code as a signed number. */
    private static String closed(ByteBuf body) {
        if (!body.isReadable()) {
            return "closed 1005 ";
        }
        return "closed " + body.getUnsignedShort(0) + " "
                + body.toString(Short.BYTES, body.readableBytes() - Short.BYTES, StandardCharsets.UTF_8);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (end.equals(Verdict.OPEN)) {
            end = switch (cause) {
                case CorruptedWebSocketFrameException corrupted ->
                    Verdict.failed(corrupted.closeStatus().code());
                case TooLongFrameException tooLong -> Verdict.failed(1009);
                default -> cause.toString();
            };
        }
    }
}
