package io.github.postern.faults;

import java.io.IOException;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Copies of a client's requests, each over a connection of its own to the server, whose answers nobody gets. Safe for any number of threads. */
final class RequestCopies {
    private final Network network;
    private final ProxiedConnection connection;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    RequestCopies(Network network, ProxiedConnection connection) {
        this.network = network;
        this.connection = connection;
    }

    /** Sends a copy, and waits for its answer unless it is to go beside the request itself. */
    void repeat(Exchange exchange, byte[] request, boolean beside) throws IOException {
        var copy = network.connect();
        open.add(copy);
        if (connection.isClosed()) {
            copy.close(); // whoever closed the connection did not know of it
        }
        copy.getOutputStream().write(request);
        if (beside) {
            exchange.strike();
            network.start(() -> drop(copy, exchange));
        } else {
            drop(copy, exchange);
            exchange.strike();
        }
    }

    private void drop(Socket copy, Exchange exchange) {
        try (copy) {
            readResponse(copy, exchange);
        } catch (IOException | InterruptedException e) {
            // nobody waits for it
        } finally {
            open.remove(copy);
        }
    }

    private static void readResponse(Socket from, Exchange exchange) throws IOException, InterruptedException {
        var in = new ByteSource(from.getInputStream(), () -> {});
        int status = 100;
        while (status / 100 == 1) {
            var head = in.head();
            status = Framing.status(head);
            in.body(Framing.ofResponse(head, status, exchange.request().method()), (bytes, offset, length) -> {});
        }
    }

    void close() {
        open.forEach(ProxiedConnection::close);
    }
}
