package io.github.postern.push;

/** One attachment of a session on the client, or an attempt at one. For the one thread that carries it. */
interface ClientTransport {
    /**
     * Attaches the session and carries it, blocking until the attachment ends. Once.
     *
     * @return why it ended
     * @throws InterruptedException if the thread is interrupted, because the attachment is no longer needed
     */
    Outcome carry() throws InterruptedException;
}
