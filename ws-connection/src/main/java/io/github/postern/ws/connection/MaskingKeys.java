package io.github.postern.ws.connection;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Masking keys from a strong source (RFC 6455 §5.3), four fresh bytes for each frame. The source is asked for many keys at
 * once, since asking costs more than the frame; the keys are shared by all connections.
 */
final class MaskingKeys implements IntSupplier {
    static final MaskingKeys SHARED = new MaskingKeys();

    private static final int POOL_SIZE = 8 * 1024;

    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock drawing = new ReentrantLock();

    /** Guarded by drawing. */
    private final ByteBuffer pool = ByteBuffer.allocate(POOL_SIZE).limit(0);

    private MaskingKeys() {}

    @Override
    public int getAsInt() {
        drawing.lock();
        try {
            if (!pool.hasRemaining()) {
                random.nextBytes(pool.array());
                pool.clear();
            }
            return pool.getInt();
        } finally {
            drawing.unlock();
        }
    }
}
