package io.github.postern.push;

import java.lang.System.Logger.Level;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a task on a virtual thread whenever there is a reason to, one run at a time. While there is none it holds no thread.
 */
final class Pump {
    private static final System.Logger LOG = System.getLogger(Pump.class.getName());

    private static final ThreadFactory THREADS =
            Thread.ofVirtual().name("postern-push-writer").factory();

    private static final int IDLE = 0;
    private static final int RUNNING = 1;
    private static final int ASKED_AGAIN = 2;

    private final Runnable task;
    private final AtomicInteger state = new AtomicInteger(IDLE);

    Pump(Runnable task) {
        this.task = task;
    }

    /** Sees to it that the task runs once more, beginning after this call. Never blocks. */
    void wake() {
        if (state.getAndUpdate(s -> s == IDLE ? RUNNING : ASKED_AGAIN) == IDLE) {
            THREADS.newThread(this::run).start();
        }
    }

    private void run() {
        do {
            state.set(RUNNING);
            try {
                task.run();
            } catch (RuntimeException | Error e) { // otherwise it would never run again
                LOG.log(Level.ERROR, "what writes to clients or calls listeners failed", e);
            }
        } while (!state.compareAndSet(RUNNING, IDLE));
    }
}
