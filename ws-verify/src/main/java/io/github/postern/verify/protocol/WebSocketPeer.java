package io.github.postern.verify.protocol;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** The client's end of a WebSocket, which may break any rule of PROTOCOL.md. */
final class WebSocketPeer {
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final String HEARTBEAT = "\0";

    /** A frame, whose payload is text, or bytes as ISO 8859-1. */
    record Frame(int opcode, String payload) {
        boolean isText() {
            return opcode == TEXT;
        }

        boolean isPong() {
            return opcode == PONG;
        }

        boolean isClose() {
            return opcode == CLOSE;
        }

        /** Whether it is a control record of that kind. */
        boolean isControl(String event) {
            return opcode == BINARY && payload.startsWith("\0event:" + event + "\n");
        }

        boolean isMessage() {
            return opcode == TEXT || (opcode == BINARY && payload.startsWith("\1"));
        }

        boolean isHeartbeat() {
            return opcode == BINARY && payload.equals(HEARTBEAT);
        }

        Event event() {
            return Event.parse(payload.substring(1));
        }

        int code() {
            return payload.length() < 2 ? 1005 : payload.charAt(0) << 8 | payload.charAt(1);
        }

        String reason() {
            return payload.length() < 2 ? "" : payload.substring(2);
        }
    }

    private final Wire wire;
    private final Response response;

    private WebSocketPeer(Wire wire, Response response) {
        this.wire = wire;
        this.response = response;
    }

    static Request handshake(String subprotocol) {
        var request = Request.get()
                .with("Connection", "Upgrade")
                .with("Upgrade", "websocket")
                .with("Sec-WebSocket-Version", "13")
                .with("Sec-WebSocket-Key", Base64.getEncoder().encodeToString(new byte[16]));
        return subprotocol.isEmpty() ? request : request.with("Sec-WebSocket-Protocol", subprotocol);
    }

    static WebSocketPeer connect(Target target, String subprotocol) throws Broken, IOException {
        var response = target.ask(handshake(subprotocol));
        Expect.status(101, response);
        Expect.header("Sec-WebSocket-Protocol", subprotocol.isEmpty() ? null : subprotocol, response);
        return new WebSocketPeer(response.wire(), response);
    }

    /** The peer that has got this answer to its handshake. */
    static WebSocketPeer of(Response response) {
        return new WebSocketPeer(response.wire(), response);
    }

    Response response() {
        return response;
    }

    Wire wire() {
        return wire;
    }

    /** Attaches with these parameters at position 0, and returns the answer. */
    Event attach(String parameters) throws Broken, IOException {
        return attach(0, parameters);
    }

    Event attach(long position, String parameters) throws Broken, IOException {
        control("event:attach\nid:" + position + "\ndata:" + parameters + "\n\n");
        return nextControl("attached");
    }

    void text(String message) throws IOException {
        send(TEXT, message.getBytes(StandardCharsets.UTF_8));
    }

    /** A binary frame of the bytes that are the characters of ISO 8859-1. */
    void binary(String bytes) throws IOException {
        send(BINARY, bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    void control(String block) throws IOException {
        send(BINARY, ("\0" + block).getBytes(StandardCharsets.UTF_8));
    }

    void ack(long position) throws IOException {
        control("event:ack\nid:" + position + "\n\n");
    }

    void ping(String payload) throws IOException {
        send(PING, payload.getBytes(StandardCharsets.UTF_8));
    }

    void close(int code) throws IOException {
        send(CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }

    void close(int code, String reason) throws IOException {
        var payload = new ByteArrayOutputStream();
        payload.write(code >> 8);
        payload.write(code);
        payload.writeBytes(reason.getBytes(StandardCharsets.UTF_8));
        send(CLOSE, payload.toByteArray());
    }

    /** Masked with zeros, which changes nothing. */
    private void send(int opcode, byte[] payload) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(0x80 | opcode);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else if (payload.length < 1 << 16) {
            out.write(0x80 | 126);
            out.writeShort(payload.length);
        } else {
            out.write(0x80 | 127);
            out.writeLong(payload.length);
        }
        out.writeInt(0);
        out.write(payload);
        wire.write(bytes.toByteArray());
    }

    /** The next frame, whatever it is. */
    Frame frame() throws Broken, IOException {
        var head = wire.read(2);
        Expect.that((head[0] & 0x80) != 0, "whole messages", "a fragment");
        long length = head[1] & 0x7f;
        if (length >= 126) {
            length = 0;
            for (byte b : wire.read((head[1] & 0x7f) == 126 ? 2 : 8)) {
                length = length << 8 | (b & 0xff);
            }
        }
        int opcode = head[0] & 0xf;
        var charset = opcode == TEXT ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        return new Frame(opcode, new String(wire.read(Math.toIntExact(length)), charset));
    }

    /** The next frame but for heartbeats and acknowledgements. */
    Frame next() throws Broken, IOException {
        var frame = frame();
        while (frame.isHeartbeat() || frame.isControl("ack") || frame.opcode() == PING) {
            frame = frame();
        }
        return frame;
    }

    Event nextControl(String event) throws Broken, IOException {
        var frame = next();
        Expect.that(frame.isControl(event), "the control record " + event, frame);
        return frame.event();
    }

    /** The next close record; messages before it are passed over. */
    Event nextClose() throws Broken, IOException {
        var frame = next();
        while (frame.isMessage()) {
            frame = next();
        }
        Expect.that(frame.isControl("close"), "the control record close", frame);
        return frame.event();
    }

    void expectText(String expected) throws Broken, IOException {
        Expect.equal(new Frame(TEXT, expected), next(), "the frame");
    }

    /** The next frame but for heartbeats must acknowledge that. */
    void expectAck(long position) throws Broken, IOException {
        var frame = frame();
        while (!frame.isControl("ack")) {
            frame = frame();
        }
        Expect.equal(position, frame.event().number(), "an acknowledgement of");
    }

    /** A Close frame of that code must come; records and messages before it are passed over. */
    Frame expectClose(int code) throws Broken, IOException {
        var frame = frame();
        while (!frame.isClose()) {
            frame = frame();
        }
        Expect.equal(code, frame.code(), "the code");
        return frame;
    }

    /** Nothing but heartbeats and acknowledgements may come for so long. */
    void expectQuiet(Duration time) throws Broken, IOException {
        Expect.that(isQuietFor(time), "nothing", "a frame");
    }

    /** Whether nothing but heartbeats and acknowledgements comes for so long; takes in what comes. */
    boolean isQuietFor(Duration time) throws Broken, IOException {
        long deadline = System.nanoTime() + time.toNanos();
        for (long left = time.toMillis(); left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
            if (wire.isQuietFor(Duration.ofMillis(left))) {
                return true;
            }
            var frame = frame();
            if (!frame.isHeartbeat() && !frame.isControl("ack")) {
                return false;
            }
        }
        return true;
    }

    void cut() {
        wire.close();
    }
}
