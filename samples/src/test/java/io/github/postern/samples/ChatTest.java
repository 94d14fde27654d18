package io.github.postern.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushClient;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class ChatTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration EXPIRY = Duration.ofMinutes(2);

    private static URI uri(int port) {
        return URI.create("http://localhost:" + port + "/push");
    }

    private static PushServer start() throws IOException {
        return Chat.start(0, null, EXPIRY);
    }

    private static PushSession join(PushServer server, String name, long after) throws IOException {
        var session = PushClient.builder(uri(server.port()))
                .transport(PushTransport.WEBSOCKET)
                .connect();
        session.send("{\"join\":\"lobby\",\"name\":\"" + name + "\",\"after\":" + after + "}");
        return session;
    }

    /** The next message, without its time. */
    private static String next(PushSession session) throws Exception {
        var text = ((Message.Text) session.receive(PATIENCE).orElseThrow()).text();
        return text.replaceAll("\"at\":\\d+,", "");
    }

    private static long nextTime(PushSession session) throws Exception {
        var text = ((Message.Text) session.receive(PATIENCE).orElseThrow()).text();
        return ChatParticipant.object(text).getJsonNumber("at").longValue();
    }

    @ParameterizedTest
    @EnumSource
    void what_is_said_is_heard_over_any_transport(PushTransport transport) throws Exception {
        try (var server = start();
                var ann = new ChatParticipant(uri(server.port()), transport, "Ann");
                var bob = new ChatParticipant(uri(server.port()), PushTransport.WEBSOCKET, "Bob")) {
            ann.awaitJoined(1, PATIENCE);
            bob.awaitJoined(1, PATIENCE);
            for (int i = 1; i <= 20; i++) {
                ann.say("a" + i, "from Ann");
                bob.say("b" + i, "from Bob");
            }
            ann.awaitHeard(40, PATIENCE);
            bob.awaitHeard(40, PATIENCE);
            assertEquals(ann.heard(), bob.heard());
            assertEquals(40, new HashSet<>(ann.heard()).size());
        }
    }

    @Test
    void who_is_here_is_told_and_who_comes_and_goes() throws Exception {
        try (var server = start();
                var ann = join(server, "Ann", 0)) {
            assertEquals("{\"joined\":\"lobby\",\"present\":[],\"complete\":true}", next(ann));
            assertEquals("{\"came\":\"Ann\"}", next(ann));
            try (var bob = join(server, "Bob", 0)) {
                assertEquals("{\"joined\":\"lobby\",\"present\":[\"Ann\"],\"complete\":true}", next(bob));
                assertEquals("{\"came\":\"Bob\"}", next(ann));
            }
            assertEquals("{\"went\":\"Bob\"}", next(ann));
        }
    }

    @Test
    void rooms_do_not_hear_each_other() throws Exception {
        try (var server = start();
                var ann = join(server, "Ann", 0)) {
            next(ann);
            next(ann);
            try (var bob = join(server, "Bob", 0)) {
                bob.send("{\"join\":\"attic\",\"name\":\"Bob\"}");
                for (var expected : List.of(
                        "{\"joined\":\"lobby\",\"present\":[\"Ann\"],\"complete\":true}",
                        "{\"came\":\"Bob\"}",
                        "{\"joined\":\"attic\",\"present\":[],\"complete\":true}",
                        "{\"came\":\"Bob\"}")) {
                    assertEquals(expected, next(bob));
                }
                assertEquals("{\"came\":\"Bob\"}", next(ann));
                assertEquals("{\"went\":\"Bob\"}", next(ann));
                ann.send(ChatParticipant.said("1", "in the lobby"));
                assertEquals("{\"said\":\"in the lobby\",\"by\":\"Ann\",\"id\":\"1\"}", next(ann));
                bob.send(ChatParticipant.said("2", "in the attic"));
                assertEquals("{\"said\":\"in the attic\",\"by\":\"Bob\",\"id\":\"2\"}", next(bob));
            }
        }
    }

    @Test
    void who_joins_gets_what_was_said_after_what_it_has() throws Exception {
        try (var server = start();
                var ann = join(server, "Ann", 0)) {
            next(ann);
            next(ann);
            ann.send(ChatParticipant.said("1", "one"));
            ann.send(ChatParticipant.said("2", "two"));
            long first = nextTime(ann);
            try (var bob = join(server, "Bob", first)) {
                assertEquals("{\"joined\":\"lobby\",\"present\":[\"Ann\"],\"complete\":true}", next(bob));
                assertEquals("{\"said\":\"two\",\"by\":\"Ann\",\"id\":\"2\"}", next(bob));
            }
        }
    }

    @Test
    void what_is_said_again_with_the_same_id_is_heard_once() throws Exception {
        try (var server = start();
                var ann = join(server, "Ann", 0)) {
            next(ann);
            next(ann);
            ann.send(ChatParticipant.said("1", "one"));
            ann.send(ChatParticipant.said("1", "one"));
            ann.send(ChatParticipant.said("2", "two"));
            assertEquals("{\"said\":\"one\",\"by\":\"Ann\",\"id\":\"1\"}", next(ann));
            assertEquals("{\"said\":\"two\",\"by\":\"Ann\",\"id\":\"2\"}", next(ann));
        }
    }

    @Test
    void who_was_away_for_more_than_is_kept_is_told_so() throws Exception {
        try (var server = start();
                var ann = join(server, "Ann", 0)) {
            next(ann);
            next(ann);
            for (int i = 0; i <= 501; i++) {
                ann.send(ChatParticipant.said("" + i, "x"));
            }
            long first = nextTime(ann);
            long second = nextTime(ann);
            for (int i = 2; i <= 501; i++) {
                next(ann);
            }
            try (var bob = join(server, "Bob", first)) {
                assertTrue(next(bob).endsWith("\"complete\":false}"));
            }
            try (var bob = join(server, "Bob", second)) {
                assertTrue(next(bob).endsWith("\"complete\":true}"));
                assertEquals("{\"said\":\"x\",\"by\":\"Ann\",\"id\":\"2\"}", next(bob));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "[]",
                "{}",
                "{\"join\":\"lobby\"}",
                "{\"join\":\"lobby\",\"name\":\" \"}",
                "{\"join\":\"../etc\",\"name\":\"Ann\"}",
                "{\"join\":7,\"name\":\"Ann\"}",
                "{\"say\":\"too early\",\"id\":\"1\"}",
            })
    void what_is_no_message_of_the_chat_ends_the_session_with_1008(String text) throws Exception {
        try (var server = start();
                var session = PushClient.builder(uri(server.port()))
                        .transport(PushTransport.WEBSOCKET)
                        .connect()) {
            session.send(text);
            var end = assertThrows(ConnectionClosedException.class, () -> session.receive(PATIENCE));
            assertEquals(1008, end.closeInfo().status().code());
        }
    }

    @Test
    void two_hundred_participants_miss_and_double_nothing_when_the_server_is_killed_and_starts_anew(
            @TempDir Path folder) throws Exception {
        int count = 200;
        var history = folder.resolve("history.jsonl").toString();
        var participants = new ArrayList<ChatParticipant>();
        var first = SampleProcess.start("chat", "--port", "0", "--history", history);
        int port = first.port();
        try (first) {
            for (int i = 0; i < count; i++) {
                var transport = i % 10 == 0
                        ? PushTransport.SSE
                        : i % 10 == 1 ? PushTransport.LONG_POLLING : PushTransport.WEBSOCKET;
                participants.add(new ChatParticipant(uri(port), transport, "P" + i));
            }
            for (var participant : participants) {
                participant.awaitJoined(1, PATIENCE);
            }
            sayAll(participants, "before");
            for (var participant : participants) {
                participant.awaitHeard(count, PATIENCE);
            }
            sayAll(participants, "during"); // and nobody knows what of it has arrived when the server is killed
            first.kill();
            try (var second = SampleProcess.start("chat", "--port", "" + port, "--history", history)) {
                assertEquals(port, second.port());
                for (var participant : participants) {
                    participant.awaitHeard(2 * count, PATIENCE);
                }
                sayAll(participants, "after");
                for (var participant : participants) {
                    participant.awaitHeard(3 * count, PATIENCE);
                }
                assertEveryoneHeardTheSame(participants, 3 * count);
                for (var participant : participants) {
                    assertEquals(List.of(4410), participant.endings());
                    assertFalse(participant.hasGap());
                }
                participants.forEach(ChatParticipant::close);
            }
        } finally {
            participants.forEach(ChatParticipant::close);
        }
    }

    private static void sayAll(List<ChatParticipant> participants, String word) {
        for (int i = 0; i < participants.size(); i++) {
            participants.get(i).say(word + i, word);
        }
    }

    private static void assertEveryoneHeardTheSame(List<ChatParticipant> participants, int count) {
        var expected = participants.getFirst().heard();
        assertEquals(count, expected.size());
        assertEquals(count, new HashSet<>(expected).size(), "somebody has heard something twice");
        for (var participant : participants) {
            assertEquals(expected, participant.heard());
        }
    }

    @Test
    void a_history_whose_last_line_was_not_finished_goes_on_behind_the_one_before(@TempDir Path folder)
            throws Exception {
        var file = folder.resolve("history.jsonl");
        try (var history = ChatHistory.open(file)) {
            IntStream.rangeClosed(1, 3).forEach(i -> append(history, new Chat.Said(i, "Ann", "hällo\n" + i, "id" + i)));
        }
        var whole = Files.readAllBytes(file);
        for (int cut = whole.length - 1; whole[cut - 1] != '\n'; cut--) {
            Files.write(file, Arrays.copyOf(whole, cut), StandardOpenOption.TRUNCATE_EXISTING);
            try (var history = ChatHistory.open(file)) {
                assertEquals(
                        List.of("id1", "id2"),
                        history.entries().stream()
                                .map(entry -> entry.said().id())
                                .toList());
                append(history, new Chat.Said(3, "Ann", "hällo\n3", "id3"));
            }
            assertEquals(new String(whole, StandardCharsets.UTF_8), Files.readString(file));
        }
    }

    private static void append(ChatHistory history, Chat.Said said) {
        try {
            history.append("lobby", said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a letter\n", "one line without an end", "{\"room\":\"lobby\"}\n", "{\"some\": \"json\"}"})
    void a_file_that_is_no_history_is_left_alone(String content, @TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("letter.txt"), content);
        var e = assertThrows(IOException.class, () -> ChatHistory.open(file));
        assertEquals("not a history of this chat: " + file, e.getMessage());
        assertEquals(content, Files.readString(file));
    }
}
