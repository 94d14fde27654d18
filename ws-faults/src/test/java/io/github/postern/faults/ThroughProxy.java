package io.github.postern.faults;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What most tests have: a server, a proxy before it, and a client that is connected to the proxy. */
abstract class ThroughProxy {
    final PlainServer server = new PlainServer();

    @RegisterExtension
    final FaultProxy proxy = FaultProxy.to(server::port);

    PlainClient client;

    @BeforeEach
    void connect() throws Exception {
        client = new PlainClient(proxy);
    }

    @AfterEach
    void disconnect() throws Exception {
        client.close();
        server.close();
    }
}
