package io.github.postern.push;

/** A virtual thread that is stopped by the one that started it. */
final class Worker {
    /** What such a thread does; an interrupt asks it to end. */
    @FunctionalInterface
    interface Task {
        void run() throws InterruptedException;
    }

    private final Thread thread;

    private Worker(Thread thread) {
        this.thread = thread;
    }

    static Worker start(String name, Task task) {
        return new Worker(Thread.ofVirtual().name(name).start(() -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // asked to end, which it does
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
