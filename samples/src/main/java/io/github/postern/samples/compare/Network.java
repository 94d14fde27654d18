package io.github.postern.samples.compare;

import io.github.postern.faults.Fault;
import io.github.postern.faults.FaultProxy;
import io.github.postern.faults.Request;
import java.io.IOException;
import java.net.URI;
import java.util.function.Predicate;

/** What lies between the clients of one transport and their server: a {@link Relay} that measures, and behind it a proxy that plays a bad network. */
final class Network implements AutoCloseable {
    private static final int REFUSED = 403;
    private static final Predicate<Request> RESPONSES =
            Request.get().and(Request.upgrade().negate());

    private final FaultProxy proxy;
    private final Relay relay;

    /** A good network in front of a port of this machine. */
    Network(int serverPort) throws IOException {
        proxy = FaultProxy.to(() -> serverPort).start();
        try {
            relay = Relay.to(proxy.port());
        } catch (IOException e) {
            proxy.close();
            throw e;
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + relay.port() + "/push");
    }

    Traffic traffic() {
        return relay.traffic();
    }

    int connections() {
        return relay.connections();
    }

    /** Lets the conditions come true, for what is under way, too. */
    void apply(Conditions conditions) {
        proxy.clear();
        relay.delay(conditions.latency());
        if (conditions.webSocketBlocked()) {
            proxy.every(Request.upgrade(), Fault.answer(REFUSED));
            proxy.now(Request.upgrade(), Fault.cutResponse(0));
        }
        if (conditions.buffering()) {
            proxy.every(RESPONSES, Fault.bufferBody());
            proxy.now(RESPONSES, Fault.cutResponse(0));
        }
    }

    /** Breaks every connection, as when a cable is pulled and put back. */
    void cut() {
        proxy.resetAll();
    }

    @Override
    public void close() {
        relay.close();
        proxy.close();
    }
}
