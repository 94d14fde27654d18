package io.github.postern.verify.conformance;

import java.io.IOException;

/** Sees a connection end, to the last byte. */
final class Ending {
    /** Instead of a tolerated code: every one. */
    static final int ANY = -1;

    private final Peer peer;
    private boolean passesData;

    Ending(Peer peer) {
        this.peer = peer;
    }

    /** Messages that still come before the Close are nobody's fault. */
    Ending passingData() {
        passesData = true;
        return this;
    }

    /** The other side fails the connection with this code: Close, then TCP. */
    void failed(int code) throws Finding {
        failed(code, code);
    }

    /** As {@link #failed(int)}; another code that would also make sense is only worth telling. */
    void failed(int code, int tolerated) throws Finding {
        var expected = "the connection failed with " + code;
        var close = close(expected);
        int observed = close.closeCode().orElse(0);
        answer(close);
        end();
        if (observed != code && (observed == tolerated || tolerated == ANY)) {
            throw Finding.informational(expected, close.toString());
        }
        if (observed != code) {
            throw Finding.failed(expected, close.toString());
        }
    }

    /** The other side answers our Close, with a Close of the same code, and TCP ends. */
    void closed(int code) throws Finding {
        var expected = code == 0 ? "an empty Close" : "a Close with " + code;
        var close = close(expected);
        end();
        if (close.closeCode().orElse(0) != code) {
            var answer = close.toString();
            throw close.closeCode().orElse(1000) == 1000
                    ? Finding.informational(expected, answer)
                    : Finding.failed(expected, answer);
        }
    }

    /** The next Close. */
    Frame close(String expected) throws Finding {
        while (true) {
            var incoming = peer.receive();
            if (incoming instanceof Frame frame) {
                if (frame.opcode() == Frame.CLOSE) {
                    return frame;
                }
                if (!frame.isControl() && !passesData) {
                    throw Finding.failed(expected, frame.toString());
                }
            } else if (incoming == Incoming.End.SILENT) {
                throw Finding.failed(expected, incoming.toString());
            } else {
                // §7.1.7: a Close before the end of TCP is a SHOULD
                throw Finding.informational(expected, incoming + " without a Close");
            }
        }
    }

    private void answer(Frame close) {
        peer.send(Frame.of(Frame.CLOSE, close.payload()));
        if (peer.implementation() == Role.CLIENT) {
            finish();
        }
    }

    /** After both Close frames: a server closes TCP first, a client once the server has (§7.1.1); no frame comes any more (§5.5.1). */
    void end() throws Finding {
        if (peer.implementation() == Role.CLIENT) {
            finish();
        }
        var incoming = peer.receive();
        if (incoming instanceof Frame frame) {
            var expected = "nothing after a Close (§5.5.1)";
            // which says so of data frames
            throw frame.isControl()
                    ? Finding.informational(expected, frame.toString())
                    : Finding.failed(expected, frame.toString());
        }
        if (incoming == Incoming.End.SILENT) {
            throw Finding.failed("TCP closed after the closing handshake (§7.1.1)", incoming.toString());
        }
    }

    private void finish() {
        try {
            peer.wire().finishWriting();
        } catch (IOException e) {
            // it is over
        }
    }
}
