package io.github.postern.push;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a POST as it comes, while no thread waits for it, so that it can be given up after its time whether it trickles or nothing comes at all.
 * Whoever reads over a blocking stream notices only the first.
 */
final class BodyReader implements ReadListener {
    /** Is told once what became of the body. */
    interface Receiver {
        /** It is here, or as much of it as was asked for. */
        void whole(byte[] body);

        /** It did not come in time. */
        void late();

        /** It cannot be read. */
        void lost(Throwable why);
    }

    private static final int CHUNK = 4096;

    private final ServletInputStream in;
    private final int most;
    private final Receiver receiver;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock, as all below. */
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private final byte[] chunk = new byte[CHUNK];
    private boolean done;

    private @Nullable Future<?> timer;

    /** A reader of up to so many bytes, which is to be made the listener of that stream. */
    BodyReader(ServletInputStream in, int most, Receiver receiver) {
        this.in = in;
        this.most = most;
        this.receiver = receiver;
    }

    @Override
    public void onDataAvailable() throws IOException {
        if (read()) {
            receiver.whole(body.toByteArray());
        }
    }

    /** Reads what there is; returns whether that was the rest, for the first time. */
    private boolean read() throws IOException {
        lock.lock();
        try {
            while (!done && in.isReady()) {
                int read = in.read(chunk, 0, Math.min(chunk.length, most - body.size()));
                body.write(chunk, 0, Math.max(0, read));
                if (read < 0 || body.size() == most) {
                    return end();
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onAllDataRead() {
        if (end()) {
            receiver.whole(body.toByteArray());
        }
    }

    @Override
    public void onError(Throwable why) {
        if (end()) {
            receiver.lost(why);
        }
    }

    /** What will give it up is cancelled when it is done. */
    void endsWith(Future<?> giveUp) {
        lock.lock();
        try {
            timer = giveUp;
            if (done) {
                giveUp.cancel(false);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Its time is over. Any thread. */
    void giveUp() {
        if (end()) {
            receiver.late();
        }
    }

    private boolean end() {
        lock.lock();
        try {
            boolean first = !done;
            done = true;
            if (timer != null) {
                timer.cancel(false);
            }
            return first;
        } finally {
            lock.unlock();
        }
    }
}
