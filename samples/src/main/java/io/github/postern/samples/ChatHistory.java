package io.github.postern.samples;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was said, in a file with a line of JSON for each message. It is written before anybody sees the message, and is there whatever becomes of the process;
 * only a machine that loses power may lose the last lines.
 */
final class ChatHistory implements AutoCloseable {
    private static final String BEGINNING = "{\"room\":";

    private final List<Entry> entries;
    private final ReentrantLock lock = new ReentrantLock();

    /** Not of {@link java.nio.channels}: an interrupt must not close it. */
    private final FileOutputStream out;

    private ChatHistory(List<Entry> entries, FileOutputStream out) {
        this.entries = entries;
        this.out = out;
    }

    /** What was said in a room. */
    record Entry(String room, Chat.Said said) {}

    /**
     * Opens a file, or begins one. What a process wrote that was killed in the middle of a line is cut off: nobody has seen it.
     *
     * @throws IOException if it cannot be read or written, or holds something else
     */
    static ChatHistory open(Path file) throws IOException {
        var bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        var entries = new ArrayList<Entry>();
        for (var line :
                new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList()) {
            entries.add(entry(file, line));
        }
        if (end < bytes.length) {
            var rest = new String(bytes, end, bytes.length - end, StandardCharsets.UTF_8);
            if (!rest.startsWith(BEGINNING) && !BEGINNING.startsWith(rest)) {
                throw notOurs(file);
            }
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(end);
            }
        }
        return new ChatHistory(entries, new FileOutputStream(file.toFile(), true));
    }

    private static Entry entry(Path file, String line) throws IOException {
        try (var reader = Json.createReader(new StringReader(line))) {
            var object = reader.readObject();
            if (object.get("at") instanceof JsonNumber at) {
                var said = new Chat.Said(
                        at.longValue(), object.getString("by"), object.getString("said"), object.getString("id"));
                return new Entry(object.getString("room"), said);
            }
        } catch (JsonException | NullPointerException | ClassCastException e) {
            // told below: that is how a missing or other value is told
        }
        throw notOurs(file);
    }

    private static IOException notOurs(Path file) {
        return new IOException("not a history of this chat: " + file);
    }

    /** What was said before the file was opened, in order. */
    List<Entry> entries() {
        return entries;
    }

    void append(String room, Chat.Said said) throws IOException {
        var line = Json.createObjectBuilder()
                .add("room", room)
                .add("at", said.at())
                .add("by", said.by())
                .add("said", said.text())
                .add("id", said.id())
                .build();
        lock.lock();
        try {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
