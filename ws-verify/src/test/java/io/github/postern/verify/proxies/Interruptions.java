package io.github.postern.verify.proxies;

import io.github.postern.push.ClientPushSession;
import io.github.postern.push.PushClientListener;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what befalls a session. */
final class Interruptions implements PushClientListener {
    private final AtomicInteger count = new AtomicInteger();
    private final CountDownLatch resumed = new CountDownLatch(1);

    @Override
    public void onInterrupted(ClientPushSession session, IOException cause) {
        count.incrementAndGet();
    }

    @Override
    public void onResumed(ClientPushSession session, Duration interruption) {
        resumed.countDown();
    }

    int count() {
        return count.get();
    }

    void awaitResumed() throws InterruptedException {
        resumed.await();
    }
}
