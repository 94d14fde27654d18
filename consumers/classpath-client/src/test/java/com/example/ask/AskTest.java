package com.example.ask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import io.github.postern.ws.server.WebSocketServer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class AskTest {
    @Test
    void prints_the_answer_to_each_question(@TempDir Path folder) throws Exception {
        try (var server = WebSocketServer.builder()
                .path("/", ws -> {
                    for (var message : ws) {
                        if (message instanceof Message.Text(String question)) {
                            ws.send(question + " yourself");
                        }
                    }
                })
                .start()) {
            var output = folder.resolve("output");
            var ask = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            "target/classes" + File.pathSeparator + runtimePath(),
                            "com.example.ask.Ask",
                            "ws://localhost:" + server.port() + "/",
                            "hello",
                            "mind")
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile()) // a pipe that is read does not hear of a time limit
                    .start();
            try {
                assertTrue(ask.waitFor(20, TimeUnit.SECONDS), "it does not end");
            } finally {
                ask.destroyForcibly();
            }
            assertEquals(
                    "hello yourself\nmind yourself\n", Files.readString(output).replace("\r\n", "\n"));
            assertEquals(0, ask.exitValue());
        }
    }

    @Test
    void brings_three_jars_on_the_class_path() throws Exception {
        var jars = Stream.of(runtimePath().split(File.pathSeparator))
                .map(jar -> Path.of(jar).getFileName().toString().replaceFirst("-\\d.*", ""))
                .collect(Collectors.toSet());
        assertEquals(Set.of("ws-client", "ws-connection", "ws-core"), jars);
    }

    private static String runtimePath() throws Exception {
        return Files.readString(Path.of("target", "runtime-path")).strip();
    }
}
