package io.github.postern.push;

import io.github.postern.ws.connection.ConnectionClosedException;
import java.io.IOException;

/** A {@link PushSession} on the client, which decides what carries the session. Thread-safe. */
public interface ClientPushSession extends PushSession {
    /**
     * Moves the session to another transport while messages are in flight, and waits until that carries it. What carries it now goes on until the other
     * is attached; no message is lost or delivered twice. From then on the session stays on that transport, and is moved to no better one by itself,
     * until it fails; then the client chooses again, as after opening. Does nothing but that if the session is on that transport.
     *
     * <p>Any transport may be asked for, also one that the builder did not name.
     *
     * @param transport what shall carry it
     * @throws IOException if the transport could not be attached, or another move was asked for meanwhile: the session goes on with what carries it
     * @throws ConnectionClosedException if the session is over, or ends meanwhile
     * @throws InterruptedException if the thread is interrupted; the move may still happen
     */
    void moveTo(PushTransport transport) throws IOException, InterruptedException;

    /**
     * Tells that the network has changed or come back, or that the machine was asleep. What was learned about transports is forgotten, a session without
     * attachment attaches at once, and one that seems to be attached must prove it: it attaches anew, beside what carries it, and gives that up if there
     * is no answer within {@link PushClientOptions#probeTimeout}. Returns at once. The client notices by itself that the machine was asleep.
     */
    void networkChanged();
}
