package io.github.postern.verify.protocol;

import java.io.IOException;

/** A session of a client of the protocol, with the response that opened it. */
final class Session {
    private static final String SESSION = "Postern-Session";
    private static final String EPOCH = "Postern-Epoch";

    private final Target target;
    private final Response stream;
    private final Event attached;
    private final String secret;
    private long epoch = 1;

    private Session(Target target, Response stream, Event attached) throws Broken {
        this.target = target;
        this.stream = stream;
        this.attached = attached;
        this.secret = attached.parameter("session");
    }

    static Session open(Target target, String transport) throws Broken, IOException {
        var stream = target.ask(Request.get().with(EPOCH, 1).with("Postern-Transport", transport));
        Expect.status(200, stream);
        return new Session(target, stream, stream.event("attached"));
    }

    /** A session that was opened over a WebSocket, with epoch 1. */
    static Session of(Target target, WebSocketPeer peer, Event attached) throws Broken, IOException {
        return new Session(target, peer.response(), attached);
    }

    Response stream() {
        return stream;
    }

    Event attached() {
        return attached;
    }

    String secret() {
        return secret;
    }

    long epoch() {
        return epoch;
    }

    /** Chooses the next epoch. */
    Session next() {
        epoch++;
        return this;
    }

    Request get(String transport, long position) {
        return Request.get()
                .with(SESSION, secret)
                .with(EPOCH, epoch)
                .with("Postern-Transport", transport)
                .with("Last-Event-ID", position);
    }

    /** A GET in the current epoch. */
    Response poll(String transport, long position) throws Broken, IOException {
        return target.ask(get(transport, position));
    }

    /** Attaches anew in the next epoch, and reads the record that says so. */
    Response attach(String transport, long position) throws Broken, IOException {
        var response = next().poll(transport, position);
        Expect.status(200, response);
        var unused = response.event("attached");
        return response;
    }

    Request body(long sequence, String records) {
        return Request.post(records).with(SESSION, secret).with(EPOCH, epoch).with("Postern-Sequence", sequence);
    }

    Response post(long sequence, String records) throws Broken, IOException {
        return target.ask(body(sequence, records));
    }

    /** POSTs what is taken in. */
    void send(long sequence, String records) throws Broken, IOException {
        Expect.status(200, post(sequence, records));
    }

    Response acknowledge(long position) throws Broken, IOException {
        return target.ask(
                Request.post("").with(SESSION, secret).with(EPOCH, epoch).with("Last-Event-ID", position));
    }
}
