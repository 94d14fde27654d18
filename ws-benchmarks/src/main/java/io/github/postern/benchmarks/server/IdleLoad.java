package io.github.postern.benchmarks.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Opens connections of which each has one message echoed, and keeps them. Before that others warm the server up and go. */
final class IdleLoad implements AutoCloseable {
    private static final int WARM_UP_CONNECTIONS = 2000;
    private static final int WARM_UP_MESSAGES = 2;
    private static final int WARM_UP_ROUNDS = 5;

    private final List<Client> clients = new ArrayList<>();

    /**
     * 10,000 connections and 20,000 messages, of which nothing is left afterwards. That many because what a connection does once, when it begins, must be compiled too: a thread that waits in
     * code that is interpreted has a larger stack.
     */
    static void warmUp(Row row, int port) throws IOException {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            try (var load = new IdleLoad()) {
                load.open(row, port, WARM_UP_CONNECTIONS, WARM_UP_MESSAGES);
            }
        }
    }

    static IdleLoad of(Row row, int port) throws IOException {
        var load = new IdleLoad();
        try {
            load.open(row, port, row.connections(), 1);
            return load;
        } catch (IOException e) {
            load.close();
            throw e;
        }
    }

    private void open(Row row, int port, int connections, int messages) throws IOException {
        var message = ClientMessage.of(row);
        var layer = Layer.of(row);
        for (int i = 0; i < connections; i++) {
            var client = Client.connect(port, layer);
            clients.add(client);
            for (int sent = 0; sent < messages; sent++) {
                client.exchange(message);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (var client : clients) {
            client.close();
        }
    }
}
