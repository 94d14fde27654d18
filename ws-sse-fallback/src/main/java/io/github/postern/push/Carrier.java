package io.github.postern.push;

/** The network side of an attachment. Neither call blocks or throws; both may be made while the session's lock is held. */
interface Carrier {
    /** There may be something to {@linkplain SessionState#take take} and write. */
    void wake();

    /** Ends at once, without another word to the client, as far as the container can end what is being written. */
    void cut();
}
