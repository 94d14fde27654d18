package io.github.postern.samples;

import io.github.postern.push.PushLimits;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import io.github.postern.push.Topic;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.PreparedMessage;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Rooms to talk in. Clients send {@code {"join": room, "name": name, "after": time}} and then {@code {"say": text, "id": id}}; they get {@code joined} with who
 * is there, what was said after that time, and from then on {@code said}, {@code came} and {@code went}.
 *
 * <p><b>What is guaranteed.</b> While a session lives, Postern delivers each message once and in order, over any transport. A server that starts anew knows no
 * session (4410), and neither does one whose client was away for too long (4408). The client then opens a new session, joins with the time of the newest message
 * that it has, and says again, with the same id, what was not confirmed. The room sends what was missed and takes nothing twice. With {@code --history} it
 * knows what was said before a restart.
 */
final class Chat {
    private static final int KEPT = 500;
    private static final int MOST_ROOMS = 1_000;
    private static final int LONGEST_NAME = 40;
    private static final int LONGEST_TEXT = 2_000;
    private static final CloseStatus MALFORMED = CloseStatus.of(1008, "not a message of this chat");
    private static final CloseStatus TOO_MANY_ROOMS = CloseStatus.of(1013, "too many rooms");

    private final Map<String, Room> rooms = new ConcurrentHashMap<>();
    private final @Nullable ChatHistory history;

    private Chat(@Nullable ChatHistory history) {
        this.history = history;
        if (history != null) {
            history.entries().forEach(entry -> room(entry.room()).remember(entry.said()));
        }
    }

    public static void main(String[] args) throws Exception {
        var command = Arguments.command(
                        "chat",
                        "Rooms with presence and history, over any transport.",
                        "",
                        "In a browser / is the page. What was said is kept in memory, " + KEPT
                                + " messages of each room, and with --history in a file: it is there after a restart,"
                                + " however the server ended.",
                        "")
                .addOption(Arguments.port())
                .addOption(Arguments.file("--history", "Keep what is said in this file."))
                .addOption(Arguments.number(
                        "--expiry", "SECONDS", 120, "How long a session waits for a client that is away"));
        Arguments.run(command, args, Chat::run);
    }

    private static int run(Arguments arguments) throws Exception {
        var expiry = Duration.ofSeconds(arguments.number("--expiry", 1, 86_400));
        var file = arguments.path("--history");
        try (var history = file.isPresent() ? ChatHistory.open(file.get()) : null;
                var server = start(arguments.portNumber(), history, expiry)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close)); // Ctrl-C: everybody is told 1001
            System.out.printf("http://localhost:%d/%n", server.port());
            server.awaitEnd();
        }
        return 0;
    }

    static PushServer start(int port, @Nullable ChatHistory history, Duration expiry) throws IOException {
        // who joins is sent the whole history at once; a character takes six bytes of JSON at most
        var limits = PushLimits.defaults().withUnacknowledged(4 * KEPT, 7 * KEPT * LONGEST_TEXT);
        var chat = new Chat(history);
        return PushServer.builder()
                .port(port)
                .options(PushOptions.defaults().withLimits(limits).withExpiry(expiry))
                .path("/push", chat::serve)
                .resources(Pages.of("chat"))
                .resources(Pages.shared())
                .start();
    }

    /** A client, from its first message to the end of its session. */
    private void serve(PushSession session) throws IOException {
        Room room = null;
        try {
            for (var message : session) {
                var object = parse(message);
                if (object.containsKey("join")) {
                    var name = object.getString("name", "").strip();
                    if (name.isEmpty() || name.length() > LONGEST_NAME || !isRoom(object.getString("join", ""))) {
                        session.close(MALFORMED);
                    } else if (rooms.size() >= MOST_ROOMS && !rooms.containsKey(object.getString("join"))) {
                        session.close(TOO_MANY_ROOMS);
                    } else {
                        if (room != null) {
                            room.leave(session);
                        }
                        room = room(object.getString("join"));
                        long after = object.get("after") instanceof JsonNumber time ? time.longValue() : 0;
                        room.join(session, name, after);
                    }
                } else if (room != null && isSaid(object)) {
                    room.say(session, object.getString("say"), object.getString("id"));
                } else {
                    session.close(MALFORMED);
                }
            }
        } finally {
            if (room != null) {
                room.leave(session);
            }
        }
    }

    /** The object, an empty one if there is none: the client's fault is data. */
    private static JsonObject parse(Message message) {
        if (message instanceof Message.Text(var text)) {
            try (var reader = Json.createReader(new StringReader(text))) {
                return reader.readObject();
            } catch (JsonException e) {
                // told by the caller
            }
        }
        return JsonObject.EMPTY_JSON_OBJECT;
    }

    private static boolean isRoom(String name) {
        return name.matches("[\\p{L}\\p{N}_-]{1,40}");
    }

    private static boolean isSaid(JsonObject object) {
        var text = object.getString("say", "");
        return !text.isBlank()
                && text.length() <= LONGEST_TEXT
                && object.getString("id", "").matches("[\\w-]{1,64}");
    }

    private Room room(String name) {
        return rooms.computeIfAbsent(name, n -> new Room(n, history));
    }

    /**
     * What somebody has said.
     *
     * @param at when, in milliseconds since 1970, and later than everything said before it in the room: so it is a number, too
     * @param id chosen by who said it, so that it can be said again when nobody knows whether it has arrived
     */
    record Said(long at, String by, String text, String id) {
        String json() {
            return Json.createObjectBuilder()
                    .add("said", text)
                    .add("by", by)
                    .add("at", at)
                    .add("id", id)
                    .build()
                    .toString();
        }
    }

    /** A room. Nothing here waits for a client: one that does not keep up is closed with 4507, and joins anew. */
    private static final class Room {
        private final String name;
        private final @Nullable ChatHistory history;
        private final Topic topic;
        private final ReentrantLock lock = new ReentrantLock();

        // guarded by lock
        private final Map<PushSession, String> present = new LinkedHashMap<>();
        private final Deque<Said> kept = new ArrayDeque<>();
        private final Set<String> ids = new HashSet<>();
        private long newest;
        private long newestForgotten;

        Room(String name, @Nullable ChatHistory history) {
            this.name = name;
            this.history = history;
            this.topic = Topic.of(name);
        }

        void remember(Said said) {
            kept.add(said);
            ids.add(said.id());
            newest = said.at();
            if (kept.size() > KEPT) {
                var forgotten = kept.remove();
                ids.remove(forgotten.id());
                newestForgotten = forgotten.at();
            }
        }

        void join(PushSession session, String who, long after) {
            lock.lock();
            try {
                tell(session, joined(after));
                kept.stream().filter(said -> said.at() > after).forEach(said -> tell(session, said.json()));
                present.put(session, who);
                topic.subscribe(session);
                publish(Json.createObjectBuilder().add("came", who).build().toString());
            } finally {
                lock.unlock();
            }
        }

        /** Complete: nothing is missing between what the client has and what it is sent now. */
        private String joined(long after) {
            var names = Json.createArrayBuilder(present.values());
            return Json.createObjectBuilder()
                    .add("joined", name)
                    .add("present", names)
                    .add("complete", after == 0 || after >= newestForgotten)
                    .build()
                    .toString();
        }

        void say(PushSession session, String text, String id) throws IOException {
            lock.lock();
            try {
                if (ids.contains(id)) {
                    return; // it had arrived, and who says it again has been sent it with the history
                }
                var at = Math.max(newest + 1, System.currentTimeMillis());
                var said = new Said(at, Objects.requireNonNull(present.get(session)), text, id);
                if (history != null) {
                    history.append(
                            name, said); // before anybody sees it, so that nobody has seen what a restart forgets
                }
                remember(said);
                publish(said.json());
            } finally {
                lock.unlock();
            }
        }

        void leave(PushSession session) {
            lock.lock();
            try {
                topic.unsubscribe(session);
                var who = Objects.requireNonNull(present.remove(session));
                publish(Json.createObjectBuilder().add("went", who).build().toString());
            } finally {
                lock.unlock();
            }
        }

        private void publish(String json) {
            topic.publish(json, SlowConsumer.CLOSE);
        }

        private static void tell(PushSession session, String json) {
            session.trySend(PreparedMessage.text(json), SlowConsumer.CLOSE);
        }
    }
}
