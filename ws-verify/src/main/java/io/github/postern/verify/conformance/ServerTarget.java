package io.github.postern.verify.conformance;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A server that sends every message back, for one case. Closing it closes the connections of the case. */
final class ServerTarget implements Target, AutoCloseable {
    private final URI uri;
    private final Settings settings;
    private final Queue<Wire> wires = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    ServerTarget(URI uri, Settings settings) {
        this.uri = uri;
        this.settings = settings;
    }

    @Override
    public Settings settings() {
        return settings;
    }

    URI uri() {
        return uri;
    }

    /** A valid request. */
    Head request() {
        return Handshake.request(uri);
    }

    Head requestOffering(String extensions) {
        return request().with(Handshake.EXTENSIONS, extensions);
    }

    Wire connect() throws IOException {
        var wire = Wire.connect(Handshake.address(uri), settings.patience());
        wires.add(wire);
        if (closed) {
            wire.close();
        }
        return wire;
    }

    /** The final response to a request on a connection of its own. */
    Head ask(Head request) throws Finding, IOException {
        return ask(connect(), request);
    }

    private static Head ask(Wire wire, Head request) throws Finding, IOException {
        wire.write(request.encode());
        return Head.read(wire);
    }

    @Override
    public Peer open() throws Finding, IOException {
        return open(request());
    }

    /** Opens a connection with a request, whose response has to be right. */
    Peer open(Head request) throws Finding, IOException {
        var wire = connect();
        var response = ask(wire, request);
        Handshake.check(response, request);
        return new Peer(wire, Role.SERVER, agreement(response));
    }

    private static Optional<DeflateAgreement> agreement(Head response) throws Finding {
        for (var extension : Extension.parse(response.all(Handshake.EXTENSIONS))) {
            if (extension.name().equals(Extension.DEFLATE)) {
                return Optional.of(DeflateAgreement.of(extension));
            }
        }
        return Optional.empty();
    }

    /** Opens a connection that begins with the response to a request that was sent, with more, in one write. */
    Peer openWith(Head request, byte[] more) throws Finding, IOException {
        var wire = connect();
        var head = request.encode();
        var bytes = Arrays.copyOf(head, head.length + more.length);
        System.arraycopy(more, 0, bytes, head.length, more.length);
        wire.write(bytes);
        var response = Head.read(wire);
        Handshake.check(response, request);
        return new Peer(wire, Role.SERVER, agreement(response));
    }

    @Override
    public Peer openDeflate() throws Finding, IOException {
        return openDeflate("permessage-deflate");
    }

    /** Opens a connection with an offer that the server may decline. */
    Peer openDeflate(String offer) throws Finding, IOException {
        var wire = connect();
        var request = requestOffering(offer);
        var response = ask(wire, request);
        Handshake.check(response, request);
        var agreement = agreement(response);
        if (agreement.isEmpty()) {
            throw Finding.notApplicable("the server declines: " + offer);
        }
        return new Peer(wire, Role.SERVER, agreement);
    }

    @Override
    public void close() {
        closed = true;
        wires.forEach(Wire::close);
    }
}
