package io.github.postern.push;

/** One way to carry a session on the client. For the one thread of the session that attaches and reads. */
interface ClientTransport {
    /** Which one it is. */
    PushTransport kind();

    /**
     * Attaches the session and carries it, blocking until the attachment ends.
     *
     * @return why it ended
     * @throws InterruptedException if the thread is interrupted, because the session is over
     */
    Outcome carry() throws InterruptedException;
}
