package io.github.postern.samples;

import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes every message on to all connections. Each has a queue and a thread that empties it, so that nobody waits for a
 * slow one; one whose queue is full is closed.
 */
final class Room implements ConnectionHandler<Connection> {
    private static final int QUEUE = 256;
    private static final CloseStatus TOO_SLOW = CloseStatus.of(1008, "too slow");

    private final Set<Member> members = ConcurrentHashMap.newKeySet();

    @Override
    public void handle(Connection connection) {
        var member = new Member(connection, new ArrayBlockingQueue<>(QUEUE));
        var writer = Thread.ofVirtual().start(member::write);
        members.add(member);
        try {
            for (var message : connection) {
                members.forEach(each -> pass(message, each));
            }
        } finally {
            members.remove(member);
            writer.interrupt();
        }
    }

    private void pass(Message message, Member member) {
        if (!member.queue().offer(message) && members.remove(member)) {
            Thread.ofVirtual().start(() -> member.connection().close(TOO_SLOW));
        }
    }

    private record Member(Connection connection, BlockingQueue<Message> queue) {
        void write() {
            try {
                while (true) {
                    connection.send(queue.take());
                }
            } catch (IOException | InterruptedException e) {
                // the connection has ended, which whoever receives from it notices too
            }
        }
    }
}
