package com.example.shout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.testkit.ConnectionPair;
import io.github.postern.ws.connection.testkit.FaultyTransport;
import io.github.postern.ws.connection.testkit.ManualClock;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ShoutTest {
    @Test
    void a_text_comes_back_in_capitals() throws Exception {
        try (var pair = ConnectionPair.serve(Shout::serve)) {
            pair.client().send("hello");
            assertEquals(new Message.Text("HELLO"), pair.client().receive());
        }
    }

    @Test
    void binary_is_refused_with_1003() throws Exception {
        try (var pair = ConnectionPair.serve(Shout::serve)) {
            pair.client().send(ByteBuffer.allocate(4));
            var end = assertThrows(
                    ConnectionClosedException.class, () -> pair.client().receive());
            assertEquals(1003, end.closeInfo().status().code());
            assertTrue(pair.awaitHandler(Duration.ofSeconds(5)));
        }
    }

    @Test
    void who_says_nothing_for_a_minute_is_asked() throws Exception {
        var clock = new ManualClock();
        try (var pair = ConnectionPair.builder().clock(clock).serve(Shout::serve)) {
            clock.advance(Duration.ofSeconds(59));
            assertEquals(Optional.empty(), pair.client().receive(Duration.ZERO));
            clock.advance(Duration.ofSeconds(1));
            assertEquals(new Message.Text("ARE YOU THERE?"), pair.client().receive());
        }
    }

    @Test
    void a_text_that_comes_in_pieces_is_one() throws Exception {
        try (var pair = ConnectionPair.builder()
                .serverFaults(transport -> new FaultyTransport(transport).split(1))
                .serve(Shout::serve)) {
            pair.client().send("hello");
            assertEquals(new Message.Text("HELLO"), pair.client().receive());
        }
    }

    @Test
    void brings_two_jars_on_the_class_path() throws Exception {
        var jars = Stream.of(Files.readString(Path.of("target", "runtime-path"))
                        .strip()
                        .split(File.pathSeparator))
                .map(jar -> Path.of(jar).getFileName().toString().replaceFirst("-\\d.*", ""))
                .collect(Collectors.toSet());
        assertEquals(Set.of("ws-connection", "ws-core"), jars);
    }
}
