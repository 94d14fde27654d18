package io.github.postern.ws.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Connects to a host by name: looks it up and races its addresses. */
final class Dialer {
    private final OpenSockets sockets;
    private final Resolver resolver;
    private final Duration attemptDelay;

    Dialer(OpenSockets sockets, Resolver resolver, Duration attemptDelay) {
        this.sockets = sockets;
        this.resolver = resolver;
        this.attemptDelay = attemptDelay;
    }

    /**
     * A connected socket.
     *
     * @throws UnknownHostException if the name has no address
     * @throws java.net.ConnectException if no address could be connected to
     */
    Socket dial(String host, int port) throws IOException, InterruptedException {
        var addresses = HostName.isAddress(host) ? List.of(InetAddress.getAllByName(host)) : lookUp(host);
        var race = new ConnectionRace(sockets, port, attemptDelay.toNanos());
        return race.run(AddressOrder.interleaved(addresses));
    }

    /**
     * Looks a name up on a platform thread of its own: nothing can end a look-up, so this thread may leave it behind,
     * and in a virtual thread it would hold on to a carrier.
     */
    private List<InetAddress> lookUp(String host) throws IOException, InterruptedException {
        var found = new FutureTask<>(() -> resolver.resolve(host));
        Thread.ofPlatform().daemon().name("postern-client-resolver").start(found);
        try {
            var addresses = found.get();
            if (addresses.isEmpty()) {
                throw new UnknownHostException("unknown host: " + host);
            }
            return addresses;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException) {
                var unknown = new UnknownHostException("unknown host: " + host);
                unknown.initCause(e.getCause());
                throw unknown;
            }
            throw new IOException("cannot look up " + host, e.getCause());
        }
    }
}
