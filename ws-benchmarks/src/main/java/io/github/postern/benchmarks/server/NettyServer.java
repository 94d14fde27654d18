package io.github.postern.benchmarks.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * Netty with its native epoll, else NIO: replies are flushed when all that was read has been handled. A text becomes a String, as an application
 * wants it; binary frames are sent back uncopied. No aggregator, since our messages are single frames. TLS is the JDK's.
 */
final class NettyServer implements TestedServer {
    private static final int DEFLATE_LEVEL = 6;
    private static final int WINDOW_BITS = 15;
    private static final int LARGEST_REQUEST = 65_536;

    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    @Override
    public int start(Setup setup) throws IOException, GeneralSecurityException, InterruptedException {
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerSocketChannel> type =
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        var channel = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, io), new MultiThreadIoEventLoopGroup(io))
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Initializer(setup))
                .bind(TestedServer.address(), 0)
                .sync()
                .channel();
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    private final class Initializer extends ChannelInitializer<SocketChannel> {
        private final Setup setup;
        private final @Nullable SslContext tls;

        Initializer(Setup setup) throws IOException, GeneralSecurityException {
            this.setup = setup;
            tls = setup.tls()
                    ? SslContextBuilder.forServer(ServerCertificate.load().keys())
                            .sslProvider(SslProvider.JDK)
                            .build()
                    : null;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            var pipeline = channel.pipeline();
            if (tls != null) {
                pipeline.addLast(tls.newHandler(channel.alloc()));
            }
            pipeline.addLast(new HttpServerCodec());
            pipeline.addLast(new HttpObjectAggregator(LARGEST_REQUEST));
            if (setup.deflate()) {
                pipeline.addLast(new WebSocketServerExtensionHandler(new PerMessageDeflateServerExtensionHandshaker(
                        DEFLATE_LEVEL, false, WINDOW_BITS, true, true, setup.largestMessage())));
            }
            pipeline.addLast(new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                    .websocketPath(PATH)
                    .maxFramePayloadLength(setup.largestMessage())
                    .allowExtensions(setup.deflate())
                    .build()));
            pipeline.addLast(new Echo());
            open.add(channel);
        }
    }

    private final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame text) {
                var unused = context.write(new TextWebSocketFrame(text.text()), context.voidPromise());
            } else if (frame.content().readableBytes() == 1) {
                var unused = open.writeAndFlush(
                        new BinaryWebSocketFrame(Unpooled.wrappedBuffer(News.bytes())), channel -> true, true);
            } else {
                var unused = context.write(frame.retain(), context.voidPromise());
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var unused = context.close();
        }
    }
}
