package io.github.postern.samples;

import io.github.postern.push.ClientPushSession;
import io.github.postern.push.PushClient;
import io.github.postern.push.PushClientListener;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.client.HandshakeRejectedException;
import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Talks to any WebSocket or push endpoint from a terminal: lines that are typed are sent, messages that arrive are printed. */
final class Client {
    private static final String COMMANDS = """
            /ping [TEXT]           send a Ping; its Pong is shown with the round trip
            /binary HEX            send a binary message, for instance /binary 48 65 6c 6c 6f
            /close [CODE [REASON]] close, by default with 1000
            /move TRANSPORT        push: move to websocket, sse, long-polling or polling
            //TEXT                 send a text that begins with a slash""";

    private final Connection connection;
    private final CountDownLatch ended = new CountDownLatch(1);

    private Client(Connection connection) {
        this.connection = connection;
    }

    public static void main(String[] args) throws Exception {
        var command = Arguments.command(
                        "client",
                        "A terminal client for any ws, wss or push URL.",
                        "",
                        "Each line of standard input is sent as a text message, each message is a line of standard output;"
                                + " a binary one is shown in hexadecimal. ws and wss URLs are WebSockets, http and https URLs push"
                                + " endpoints. What else happens is told on standard error. Lines that begin with a slash are"
                                + " commands: /help lists them.",
                        "",
                        "Exit code: 0 closed by us, or with 1000 or no code; 1 no connection, or it was lost; 2 a wrong argument;"
                                + " 3 closed by the server with another code.",
                        "")
                .addOption(Destination.header())
                .addOption(Arguments.texts("--subprotocol", "NAME", "Offer this subprotocol."))
                .addOption(Arguments.flag("--deflate", "Offer permessage-deflate."))
                .addOption(Arguments.flag("--insecure", "Trust any certificate, for any host: for tests only."))
                .addOption(Arguments.flag("--frames", "Show the handshake and every frame of a WebSocket."))
                .addOption(Arguments.number("--ping", "SECONDS", 0, "Send a Ping so often; 0 sends none"))
                .addOption(Arguments.text(
                        "--transport",
                        "NAME",
                        "Push over this transport only: websocket, sse, long-polling or polling."))
                .addOption(Arguments.number(
                        "--wait",
                        "SECONDS",
                        1,
                        "How long to wait for messages when the input has ended, before closing"))
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("URL")
                        .arity("1")
                        .required(true)
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .description("For instance wss://example.org/chat, or http://localhost:8080/push.")
                        .build());
        Arguments.run(command, args, Client::run);
    }

    private static int run(Arguments arguments) throws Exception {
        var destination =
                Destination.of(arguments, arguments.words().getFirst(), List.of("ws", "wss", "http", "https"));
        int wait = arguments.number("--wait", 0, 86_400);
        int ping = arguments.number("--ping", 0, 86_400);
        boolean push = destination.url().getScheme().toLowerCase(Locale.ROOT).startsWith("http");
        for (var option : List.of("--frames", "--ping", "--subprotocol", "--deflate")) {
            if (push && arguments.has(option)) {
                throw arguments.wrong(option + " is for ws and wss URLs: push hides the WebSocket, if there is one");
            }
        }
        if (!push && arguments.has("--transport")) {
            throw arguments.wrong("--transport is for http and https URLs");
        }
        try (var connection = push ? push(destination, arguments) : webSocket(destination, arguments)) {
            return new Client(connection).talk(Duration.ofSeconds(wait), ping);
        } catch (HandshakeRejectedException e) {
            tell("no WebSocket: " + e.getMessage());
            e.response().headers().forEach((name, value) -> tell("  " + name + ": " + value));
            e.response().body().lines().limit(20).forEach(line -> tell("  " + line));
            return 1;
        }
    }

    // connecting

    private static WebSocket webSocket(Destination destination, Arguments arguments) throws IOException {
        var builder = WebSocketClient.builder();
        try {
            destination.headers().forEach(builder::header);
            builder.subprotocols(arguments.texts("--subprotocol").toArray(String[]::new));
            if (arguments.has("--deflate")) {
                builder.deflate(PerMessageDeflate.defaults());
            }
            if (arguments.has("--insecure")) {
                builder.sslContext(AnyCertificate.trusted());
            }
            if (arguments.has("--frames")) {
                builder.transport(transport -> new Tap(transport, trace("> "), trace("< ")));
            }
            var ws = builder.build().connect(destination.url());
            tell("open" + (ws.protocol().isEmpty() ? "" : ", subprotocol " + ws.protocol())
                    + (ws.extensions().isEmpty() ? "" : ", " + ws.extensions()));
            return ws;
        } catch (IllegalArgumentException e) {
            throw arguments.wrong(String.valueOf(e.getMessage()));
        }
    }

    private static FrameTrace trace(String direction) {
        return new FrameTrace(
                head -> head.lines().forEach(line -> tell(direction + line)), frame -> tell(direction + frame));
    }

    private static ClientPushSession push(Destination destination, Arguments arguments) throws IOException {
        var builder = PushClient.builder(destination.url()).listener(new Narrator());
        try {
            destination.headers().forEach(builder::header);
            arguments.text("--transport").ifPresent(name -> builder.transport(transport(name)));
            if (arguments.has("--insecure")) {
                builder.sslContext(AnyCertificate.trusted());
            }
            var session = builder.connect();
            tell("open over " + name(session.transport()) + ", session " + session.id());
            return session;
        } catch (IllegalArgumentException e) {
            throw arguments.wrong(String.valueOf(e.getMessage()));
        }
    }

    private static PushTransport transport(String name) {
        try {
            return PushTransport.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a transport: " + name, e);
        }
    }

    private static String name(PushTransport transport) {
        return transport.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Tells what happens to a push session. */
    private static final class Narrator implements PushClientListener {
        @Override
        public void onTransportChange(ClientPushSession session, PushTransport from, PushTransport to) {
            tell("moved from " + name(from) + " to " + name(to));
        }

        @Override
        public void onInterrupted(ClientPushSession session, IOException cause) {
            tell("interrupted: " + cause.getMessage());
        }

        @Override
        public void onResumed(ClientPushSession session, Duration interruption) {
            tell("resumed after " + interruption.toMillis() + " ms over " + name(session.transport())
                    + ", nothing was lost");
        }
    }

    // talking

    private int talk(Duration wait, int pingSeconds) {
        if (connection instanceof WebSocket ws) {
            ws.onPong(Client::pong);
            if (pingSeconds > 0) {
                Thread.ofVirtual().start(() -> keepPinging(pingSeconds));
            }
        }
        Thread.ofVirtual().start(() -> readInput(wait));
        connection.forEach(this::print);
        ended.countDown();
        var info = connection.closeInfo().orElseThrow();
        tell(info.toString());
        return exitCode(info);
    }

    private static int exitCode(CloseInfo info) {
        if (!info.clean()) {
            return 1;
        }
        int code = info.status().code();
        boolean wanted = info.initiator() == CloseInfo.Initiator.LOCAL || code == 1000 || code == 1005;
        return wanted ? 0 : 3;
    }

    private void print(Message message) {
        switch (message) {
            case Message.Text(var text) -> System.out.println(withoutControls(text));
            case Message.Binary(var data) -> System.out.println(Frame.hex(data));
        }
        System.out.flush();
    }

    /** As it is but for what would play with the terminal; its lines and tabs stay. */
    private static String withoutControls(String text) {
        var lines = text.split("(?<=[\n\t])|(?=[\n\t])", -1);
        for (int i = 0; i < lines.length; i++) {
            lines[i] = lines[i].equals("\n") || lines[i].equals("\t") ? lines[i] : Frame.printable(lines[i]);
        }
        return String.join("", lines);
    }

    private void readInput(Duration wait) {
        try (var input = new BufferedReader(new InputStreamReader(System.in, System.out.charset()))) {
            for (var line = input.readLine(); line != null; line = input.readLine()) {
                take(line);
            }
            if (!ended.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                connection.close();
            }
        } catch (IOException e) {
            // the connection has ended, which is told by whoever receives
        } catch (InterruptedException e) {
            connection.abort();
        }
    }

    private void take(String line) throws IOException, InterruptedException {
        if (!line.startsWith("/") || line.startsWith("//")) {
            connection.send(line.startsWith("//") ? line.substring(1) : line);
            return;
        }
        var words = line.split("\\s+", 2);
        var rest = words.length > 1 ? words[1].strip() : "";
        try {
            switch (words[0]) {
                case "/ping" -> ping(rest);
                case "/binary" ->
                    connection.send(ByteBuffer.wrap(HexFormat.of().parseHex(rest.replaceAll("[\\s,:]|0x", ""))));
                case "/close" -> connection.close(status(rest));
                case "/move" -> move(rest);
                default -> tell(COMMANDS);
            }
        } catch (IllegalArgumentException e) {
            tell(words[0] + ": " + e.getMessage());
        }
    }

    private static CloseStatus status(String codeAndReason) {
        var words = codeAndReason.split("\\s+", 2);
        if (words[0].isEmpty()) {
            return CloseStatus.NORMAL;
        }
        return CloseStatus.of(Integer.parseInt(words[0]), words.length > 1 ? words[1] : "");
    }

    private void move(String name) throws InterruptedException {
        if (!(connection instanceof ClientPushSession session)) {
            throw new IllegalArgumentException("only a push session can move");
        }
        try {
            session.moveTo(transport(name));
        } catch (IOException e) {
            tell("/move: " + e.getMessage());
        }
    }

    // pings

    /** A Ping carries when it was sent, and its Pong brings that back. */
    private void ping(String text) throws IOException {
        if (!(connection instanceof WebSocket ws)) {
            throw new IllegalArgumentException("only a WebSocket can ping");
        }
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        ws.ping(ByteBuffer.allocate(Long.BYTES + bytes.length)
                .putLong(System.nanoTime())
                .put(bytes)
                .flip());
    }

    private void keepPinging(int seconds) {
        try {
            while (!ended.await(seconds, TimeUnit.SECONDS)) {
                ping("");
            }
        } catch (IOException | InterruptedException e) {
            // the connection has ended
        }
    }

    private static void pong(ByteBuffer payload) {
        if (payload.remaining() < Long.BYTES) {
            tell("pong that nobody asked for");
            return;
        }
        double millis = (System.nanoTime() - payload.getLong()) / 1e6;
        var text = StandardCharsets.UTF_8.decode(payload).toString();
        tell("pong%s after %.1f ms".formatted(text.isEmpty() ? "" : " \"" + Frame.printable(text) + '"', millis));
    }

    private static void tell(String what) {
        System.err.println(withoutControls(what));
    }
}
