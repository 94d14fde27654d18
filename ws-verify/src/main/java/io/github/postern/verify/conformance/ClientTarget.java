package io.github.postern.verify.conformance;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A client that asks for a case and sends every message back: one visit. */
final class ClientTarget implements Target {
    private final Wire wire;
    private final Head request;
    private final Settings settings;
    private final Visits visits;

    ClientTarget(Wire wire, Head request, Settings settings, Visits visits) {
        this.wire = wire;
        this.request = request;
        this.settings = settings;
        this.visits = visits;
    }

    @Override
    public Settings settings() {
        return settings;
    }

    /** What the client asked. */
    Head request() {
        return request;
    }

    /** All that the visits of this client have in common. */
    Visits visits() {
        return visits;
    }

    Wire wire() {
        return wire;
    }

    /** The valid response. */
    Head response() {
        return Handshake.response(request);
    }

    @Override
    public Peer open() throws IOException {
        return open(response());
    }

    /** Answers, and takes the connection for open without extensions. */
    Peer open(Head response) throws IOException {
        wire.write(response.encode());
        return new Peer(wire, Role.CLIENT, Optional.empty());
    }

    /** The client's first valid offer of permessage-deflate. */
    Extension offer() throws Finding {
        for (var extension : Extension.parse(request.all(Handshake.EXTENSIONS))) {
            if (extension.name().equals(Extension.DEFLATE)
                    && DeflateAgreement.faults(extension, false).isEmpty()) {
                return extension;
            }
        }
        throw Finding.notApplicable("the client does not offer permessage-deflate");
    }

    @Override
    public Peer openDeflate() throws Finding, IOException {
        return openDeflate("");
    }

    /**
     * Agrees to the client's offer.
     *
     * @param more parameters beyond those that the offer demands, each after a semicolon
     */
    Peer openDeflate(String more) throws Finding, IOException {
        var answer = demanded(offer()) + more;
        wire.write(response().with(Handshake.EXTENSIONS, answer).encode());
        var agreement = DeflateAgreement.of(Extension.parse(List.of(answer)).getFirst());
        return new Peer(wire, Role.CLIENT, Optional.of(agreement));
    }

    /** The answer with what the offer insists on (RFC 7692 §7.1.1.1, §7.1.2.1). */
    static String demanded(Extension offer) {
        var answer = new StringBuilder(Extension.DEFLATE);
        if (offer.has(DeflateAgreement.SERVER_NO_CONTEXT_TAKEOVER)) {
            answer.append("; ").append(DeflateAgreement.SERVER_NO_CONTEXT_TAKEOVER);
        }
        if (offer.has(DeflateAgreement.SERVER_MAX_WINDOW_BITS)) {
            answer.append("; ").append(DeflateAgreement.SERVER_MAX_WINDOW_BITS).append('=');
            answer.append(DeflateAgreement.bits(offer, DeflateAgreement.SERVER_MAX_WINDOW_BITS));
        }
        return answer.toString();
    }

    /** Answers with a response that the client has to reject, and a frame behind it that it must not read. */
    void expectRefusal(Head response) throws Finding, IOException {
        respondWithFrame(response);
        expectNoFrame("the connection given up");
    }

    /** Answers with another status, a frame behind it, and the end. */
    void expectNoFrame(Head response) throws Finding, IOException {
        respondWithFrame(response.set("Connection", "close"));
        wire.finishWriting();
        expectNoFrame("the end");
    }

    private void respondWithFrame(Head response) throws IOException {
        var head = response.encode();
        var ping = Frame.ping("not for you").encode();
        var bytes = Arrays.copyOf(head, head.length + ping.length);
        System.arraycopy(ping, 0, bytes, head.length, ping.length);
        wire.write(bytes);
    }

    private void expectNoFrame(String expected) throws Finding {
        wire.restart();
        try {
            int read = wire.read();
            Handshake.require(read < 0, expected + ", and no frame", "a frame that begins with " + read);
        } catch (SocketTimeoutException e) {
            throw Finding.failed(expected, Incoming.End.SILENT.toString());
        } catch (IOException e) {
            // reset: it has given up all the same
        }
    }
}
