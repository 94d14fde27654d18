package io.github.postern.verify.interop;

import io.github.postern.push.PushLimits;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** Ten thousand texts that are hard to carry in lines, and a server that sends them to every session; the last says "end". */
final class ManyEvents implements AutoCloseable {
    static final int COUNT = 10_000;

    private static final List<String> SHAPES = List.of(
            "plain %d",
            "",
            " leading space %d",
            "  two spaces",
            ": a comment? %d",
            "data:%d",
            "id:%d\nevent:close\nretry:1",
            "first\nsecond %d\n\nfourth\n",
            "\n",
            "carriage\rreturn %d",
            "both\r\nof them\r\r\n%d\r",
            "😀 four bytes 𝄞 %d",
            "\uFEFFmark, \u0000 zero, \u0085 next line, \u2028 separator %d",
            "a long one %d " + "grüße ".repeat(100));

    /** As the application sends them. */
    static final List<String> SENT = IntStream.range(0, COUNT)
            .mapToObj(n -> SHAPES.get(n % SHAPES.size()).replace("%d", Integer.toString(n)))
            .toList();

    /** As a bare client gets them: CR LF and CR become LF (PROTOCOL.md §13). */
    static final List<String> AS_LINES = SENT.stream()
            .map(text -> text.replace("\r\n", "\n").replace('\r', '\n'))
            .toList();

    private final PushServer server;

    private ManyEvents(PushServer server) {
        this.server = server;
    }

    static ManyEvents serve() throws IOException {
        // a bare client does not acknowledge: what was under way when it is cut off must still be there
        var limits = PushLimits.defaults().withUnacknowledged(2 * COUNT, 8 << 20);
        var options = PushOptions.defaults().withLimits(limits);
        return new ManyEvents(PushServer.builder()
                .options(options)
                .path("/push", ManyEvents::send)
                .start());
    }

    private static void send(PushSession session) throws IOException, InterruptedException {
        for (var text : SENT) {
            session.send(text);
        }
        session.send("end");
        session.forEach(message -> {}); // until the client goes
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.port() + "/push");
    }

    /** Tells equal lists from others, as eventsource-all.mjs does. */
    static String digest(List<String> texts) throws NoSuchAlgorithmException {
        var hash = MessageDigest.getInstance("SHA-256");
        for (var text : texts) {
            hash.update(text.getBytes(StandardCharsets.UTF_8));
            hash.update((byte) 0);
        }
        return HexFormat.of().formatHex(hash.digest());
    }

    @Override
    public void close() {
        server.close();
    }
}
