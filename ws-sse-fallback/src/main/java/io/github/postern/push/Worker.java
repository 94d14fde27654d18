package io.github.postern.push;

import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** A virtual thread that is stopped by the one that started it. */
final class Worker {
    private static final System.Logger LOG = System.getLogger(Worker.class.getName());

    /** What such a thread does; an interrupt asks it to end. */
    @FunctionalInterface
    interface Task {
        void run() throws InterruptedException;
    }

    private final Thread thread;

    private Worker(Thread thread) {
        this.thread = thread;
    }

    /**
     * Starts one.
     *
     * @param onFailure done on its thread if the task fails, which is logged: what waits for the task must not go on waiting
     */
    static Worker start(String name, Task task, Consumer<Throwable> onFailure) {
        return new Worker(Thread.ofVirtual().name(name).start(() -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // asked to end, which it does
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, name + " failed", e);
                onFailure.accept(e);
            }
        }));
    }

    /** Asks it to end and waits until it has, also if the caller is interrupted meanwhile. */
    void stop() {
        boolean interrupted = false;
        thread.interrupt();
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
