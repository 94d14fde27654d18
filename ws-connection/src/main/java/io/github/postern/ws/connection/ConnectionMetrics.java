package io.github.postern.ws.connection;

/**
 * What all WebSocket connections of this process have done so far, as server and as client, for a monitoring system to poll. The counters only grow.
 *
 * @param opened how many were opened
 * @param closed how many of them have ended
 * @param messagesReceived how many messages arrived; one that is streamed counts with its end
 * @param messagesSent how many messages were sent; one that is streamed counts with its end
 * @param bytesReceived how many bytes arrived, without those of TLS and of the opening handshake
 * @param bytesSent how many bytes were written, without those of TLS and of the opening handshake
 * @param compressors how many zlib compressors of every {@link SharedDeflatePool} exist now, in use or kept
 * @param decompressors how many zlib decompressors of every {@link SharedDeflatePool} exist now, in use or kept
 */
public record ConnectionMetrics(
        long opened,
        long closed,
        long messagesReceived,
        long messagesSent,
        long bytesReceived,
        long bytesSent,
        int compressors,
        int decompressors) {
    /** What zlib takes for one compressor that has worked, and for one decompressor. */
    private static final long COMPRESSOR_MEMORY = 264_000;

    private static final long DECOMPRESSOR_MEMORY = 41_000;

    /** {@return the numbers of now} Visits every open connection, without waiting for any; what happens meanwhile may be counted or not. */
    public static ConnectionMetrics snapshot() {
        return Totals.SHARED.snapshot(Watchdog.SHARED.connections());
    }

    /** {@return how many connections are open now} */
    public long open() {
        return opened - closed;
    }

    /** {@return about how many bytes of native memory compression takes, which is in no heap limit} */
    public long deflateMemory() {
        return compressors * COMPRESSOR_MEMORY + decompressors * DECOMPRESSOR_MEMORY;
    }
}
