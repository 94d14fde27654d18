package io.github.postern.verify.conformance;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/**
 * An open connection to the implementation under test. What is sent may break any rule; what is received may break none, or the case
 * fails whatever it is about.
 */
final class Peer {
    private final Wire wire;
    private final Role implementation;
    private final Optional<DeflateAgreement> deflate;
    private final Optional<Compressor> compressor;
    private final Optional<StrictInflater> inflater;
    private final Random masks = new Random(6455);

    Peer(Wire wire, Role implementation, Optional<DeflateAgreement> deflate) {
        this.wire = wire;
        this.implementation = implementation;
        this.deflate = deflate;
        this.compressor = deflate.map(agreement -> agreement.compressor(implementation));
        this.inflater = deflate.map(agreement -> agreement.inflater(implementation));
    }

    Wire wire() {
        return wire;
    }

    Role implementation() {
        return implementation;
    }

    /** What was agreed on compression. */
    DeflateAgreement deflate() {
        return deflate.orElseThrow();
    }

    StrictInflater inflater() {
        return inflater.orElseThrow();
    }

    /** The frame's bytes, masked as the role of the suite demands. */
    byte[] encode(Frame frame) {
        return implementation == Role.SERVER ? frame.encode(masks.nextInt()) : frame.encode();
    }

    /** The header, masked as the role of the suite demands. */
    FrameHeader masked(FrameHeader header) {
        return implementation == Role.SERVER ? header.mask(masks.nextInt()) : header;
    }

    /** Sends frames in one write. */
    void send(Frame... frames) {
        var bytes = new ByteArrayOutputStream();
        for (var frame : frames) {
            bytes.writeBytes(encode(frame));
        }
        sendBytes(bytes.toByteArray());
    }

    /** Sends bytes as they are. When the other side has closed already, what it sent before will tell. */
    void sendBytes(byte[] bytes) {
        sendInPieces(bytes, Math.max(1, bytes.length));
    }

    void sendInPieces(byte[] bytes, int size) {
        try {
            wire.writeInPieces(bytes, size);
        } catch (IOException e) {
            // found out by the next receive()
        }
    }

    /** A message, compressed. */
    Frame compress(Frame message) {
        return Frame.of(message.opcode(), compressor.orElseThrow().compress(message.payload()))
                .withRsv(Frame.RSV1);
    }

    /** The next frame, or why there is none. */
    Incoming receive() throws Finding {
        return receive(wire.patience());
    }

    Incoming receive(Duration patience) throws Finding {
        wire.waitAtMost(patience);
        try {
            int first = wire.read();
            if (first < 0) {
                return Incoming.End.CLOSED;
            }
            wire.restart();
            var frame = Frame.read(first, wire);
            FrameRules.check(frame, implementation, deflate.isPresent());
            return frame;
        } catch (SocketTimeoutException e) {
            return Incoming.End.SILENT;
        } catch (EOFException e) {
            throw Finding.failed("whole frames", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return Incoming.End.RESET;
        }
    }

    /** The next frame that is of the opcode; Pings and Pongs of the other side's own are passed over. */
    Frame expect(int opcode, String expected) throws Finding {
        while (true) {
            switch (receive()) {
                case Frame frame
                when frame.opcode() == opcode -> {
                    return frame;
                }
                case Frame frame when frame.opcode() == Frame.PING -> send(Frame.of(Frame.PONG, frame.payload()));
                case Frame frame when frame.opcode() == Frame.PONG -> {}
                case Incoming other -> throw Finding.failed(expected, other.toString());
            }
        }
    }

    /** The next message, whose opcode has to be this one, put together and decompressed. */
    Frame message(int opcode, String expected) throws Finding {
        var first = expect(opcode, expected);
        var payload = new ByteArrayOutputStream();
        payload.writeBytes(first.payload());
        for (var frame = first; !frame.fin(); ) {
            frame = expect(Frame.CONTINUATION, expected + ", continued");
            payload.writeBytes(frame.payload());
        }
        boolean compressed = first.rsv() == Frame.RSV1;
        return Frame.of(
                        opcode,
                        compressed ? inflater.orElseThrow().inflate(payload.toByteArray()) : payload.toByteArray())
                .withRsv(first.rsv());
    }

    /** Expects that the next message is this one, sent back. Returns it with the RSV bits of its first frame. */
    Frame expectEcho(Frame sent) throws Finding {
        var expected = "the same message: " + Frame.of(sent.opcode(), sent.payload());
        var echo = message(sent.opcode(), expected);
        if (!Arrays.equals(sent.payload(), echo.payload())) {
            throw Finding.failed(expected, echo.toString());
        }
        return echo;
    }

    /** Sends a message in one frame, and expects it back. */
    Frame echo(Frame message) throws Finding {
        send(message);
        return expectEcho(message);
    }

    /** Sends a message compressed, and expects it back. */
    Frame echoCompressed(Frame message) throws Finding {
        send(compress(message));
        return expectEcho(message);
    }

    /** Expects a Pong with a text, and nothing before it. */
    void expectPong(String text) throws Finding {
        var expected = "a Pong with " + Frame.show(Frame.utf8(text));
        var incoming = receive();
        if (!(incoming instanceof Frame pong)
                || pong.opcode() != Frame.PONG
                || !Arrays.equals(pong.payload(), Frame.utf8(text))) {
            throw Finding.failed(expected, incoming.toString());
        }
    }

    /** Expects that the connection works, and that nothing came before. */
    void expectNothingYet() throws Finding {
        send(Frame.ping("still there?"));
        expectPong("still there?");
    }

    /** How this connection is expected to end. */
    Ending ending() {
        return new Ending(this);
    }

    /** Expects that the other side fails the connection (§7.1.7) with this code. */
    void expectFailure(int code) throws Finding {
        ending().failed(code);
    }
}
