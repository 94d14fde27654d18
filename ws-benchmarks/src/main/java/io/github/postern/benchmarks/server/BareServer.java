package io.github.postern.benchmarks.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/**
 * No server but the floor beneath one that blocks: a virtual thread for each connection with 64 KiB of buffers, every whole frame of one read unmasked and sent back with one write. It checks nothing,
 * limits nothing, and knows of no control frame but Close.
 */
final class BareServer implements TestedServer {
    private static final int BUFFER = 32 * 1024;
    private static final String KEY = "sec-websocket-key:";
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    @Override
    public int start(Setup setup) throws IOException {
        if (setup.deflate() || setup.tls()) {
            throw new UnsupportedOperationException("neither compression nor TLS");
        }
        var server = new ServerSocket();
        server.bind(new InetSocketAddress(TestedServer.address(), 0), BACKLOG);
        Thread.ofPlatform().daemon().name("accept").start(() -> accept(server));
        return server.getLocalPort();
    }

    private static void accept(ServerSocket server) {
        try {
            while (true) {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = socket.getInputStream();
            var out = socket.getOutputStream();
            answer(in, out);
            new Echo(in, out).run();
        } catch (IOException e) {
            // the client has gone
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void answer(InputStream in, OutputStream out) throws IOException, NoSuchAlgorithmException {
        var bytes = new byte[BUFFER];
        int length = Math.max(0, in.read(bytes)); // the whole head, since the load generator writes it at once
        var head = new String(bytes, 0, length, ISO_8859_1);
        int begin = head.toLowerCase(Locale.ROOT).indexOf(KEY) + KEY.length();
        var key = head.substring(begin, head.indexOf('\r', begin)).trim() + ACCEPT_SUFFIX;
        var accept = MessageDigest.getInstance("SHA-1").digest(key.getBytes(ISO_8859_1));
        var response =
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + Base64.getEncoder().encodeToString(accept) + "\r\n\r\n";
        out.write(response.getBytes(ISO_8859_1));
    }

    private static final class Echo {
        private static final int LENGTH_BITS = 0x7F;
        private static final int OPCODE_BITS = 0x0F;
        private static final int CLOSE = 8;
        private static final int TWO_BYTES = 126;
        private static final int EIGHT_BYTES = 127;
        private static final int KEY_SIZE = 4;

        private final InputStream in;
        private final OutputStream out;
        private byte[] read = new byte[BUFFER];
        private byte[] replies = new byte[BUFFER];
        private int end;
        private int written;
        private boolean closed;

        Echo(InputStream in, OutputStream out) {
            this.in = in;
            this.out = out;
        }

        void run() throws IOException {
            for (int count = in.read(read); count >= 0; count = in.read(read, end, read.length - end)) {
                end += count;
                int begin = echoWhole();
                if (written > 0) {
                    out.write(replies, 0, written);
                }
                if (closed) {
                    return;
                }
                System.arraycopy(read, begin, read, 0, end - begin);
                end -= begin;
            }
        }

        /** Puts replies to all whole frames together, and returns where the rest begins. */
        private int echoWhole() {
            int at = 0;
            written = 0;
            while (end - at >= 2 && !closed) {
                int head = headLength(read[at + 1] & LENGTH_BITS);
                if (end - at < head + KEY_SIZE) {
                    break;
                }
                int length = payloadLength(at);
                int whole = head + KEY_SIZE + length;
                if (end - at < whole) {
                    read = at == 0 && read.length < whole ? Arrays.copyOf(read, whole) : read;
                    break;
                }
                echo(at, head, length);
                closed = (read[at] & OPCODE_BITS) == CLOSE;
                at += whole;
            }
            return at;
        }

        private static int headLength(int shortLength) {
            return switch (shortLength) {
                case TWO_BYTES -> 2 + Short.BYTES;
                case EIGHT_BYTES -> 2 + Long.BYTES;
                default -> 2;
            };
        }

        private int payloadLength(int at) {
            int shortLength = read[at + 1] & LENGTH_BITS;
            return switch (shortLength) {
                case TWO_BYTES -> (short) SHORTS.get(read, at + 2) & 0xFFFF;
                case EIGHT_BYTES -> (int) (long) LONGS.get(read, at + 2);
                default -> shortLength;
            };
        }

        private void echo(int at, int head, int length) {
            int needed = written + head + length;
            if (replies.length < needed) {
                replies = Arrays.copyOf(replies, Math.max(needed, 2 * replies.length));
            }
            System.arraycopy(read, at, replies, written, head);
            replies[written + 1] &= LENGTH_BITS;
            int key = (int) INTS.get(read, at + head);
            unmask(at + head + KEY_SIZE, written + head, length, key);
            written = needed;
        }

        private void unmask(int from, int to, int length, int key) {
            long twice = (long) key << Integer.SIZE | key & 0xFFFF_FFFFL;
            int i = 0;
            for (; i + Long.BYTES <= length; i += Long.BYTES) {
                LONGS.set(replies, to + i, (long) LONGS.get(read, from + i) ^ twice);
            }
            for (; i < length; i++) {
                int shift = Byte.SIZE * (KEY_SIZE - 1 - i % KEY_SIZE);
                replies[to + i] = (byte) (read[from + i] ^ key >> shift);
            }
        }
    }
}
