package io.github.postern.push;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.Message;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** An application that shows its sessions and what they receive to the test, and stays until they end; the text "bye" closes a session. */
final class Holding implements ConnectionHandler<PushSession> {
    final BlockingQueue<PushSession> sessions = new LinkedBlockingQueue<>();
    final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final CountDownLatch mayReceive = new CountDownLatch(1);

    /** One that receives from the beginning. */
    static Holding receiving() {
        var holding = new Holding();
        holding.receive();
        return holding;
    }

    /** From now on it receives. */
    void receive() {
        mayReceive.countDown();
    }

    @Override
    public void handle(PushSession session) throws InterruptedException {
        sessions.put(session);
        mayReceive.await();
        for (var message : session) {
            if (message.equals(new Message.Text("bye"))) {
                return;
            }
            received.put(message);
        }
    }
}
