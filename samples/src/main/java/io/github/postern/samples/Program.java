package io.github.postern.samples;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Runs a program for each connection: a message is a line of its input, and a line of its output is a message. */
final class Program implements ConnectionHandler<WebSocket> {
    private static final CloseStatus TOO_MANY = CloseStatus.of(1013, "too many processes");
    private static final CloseStatus NOT_A_LINE = CloseStatus.of(1003, "a line is text");
    private static final int UNREAD_LINES = 64;
    private static final int GRACE_SECONDS = 2;

    private final List<String> command;
    private final Semaphore free;

    Program(List<String> command, int maxProcesses) {
        this.command = command;
        this.free = new Semaphore(maxProcesses);
    }

    @Override
    public void handle(WebSocket ws) throws Exception {
        if (!free.tryAcquire()) {
            ws.close(TOO_MANY);
            return;
        }
        try {
            var process =
                    new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
            try {
                converse(ws, process);
            } finally {
                end(process);
            }
        } finally {
            free.release();
        }
    }

    private static void converse(WebSocket ws, Process process) throws InterruptedException {
        var lines = new ArrayBlockingQueue<String>(UNREAD_LINES);
        var writer = Thread.ofVirtual().start(() -> writeInput(process, lines));
        Thread.ofVirtual().start(() -> sendOutput(process, ws));
        try {
            for (var message : ws) {
                if (!(message instanceof Message.Text text)) {
                    ws.close(NOT_A_LINE);
                    return;
                }
                // a program that does not read its input must not keep us from noticing that the connection has ended
                while (!lines.offer(text.text(), 1, TimeUnit.SECONDS)) {
                    if (ws.readyState() != ReadyState.OPEN) {
                        return;
                    }
                }
            }
        } finally {
            writer.interrupt();
        }
    }

    private static void writeInput(Process process, BlockingQueue<String> lines) {
        try (var input = process.outputWriter(StandardCharsets.UTF_8)) {
            while (true) {
                input.write(lines.take());
                input.newLine();
                input.flush();
            }
        } catch (IOException | InterruptedException e) {
            // the program reads no more, and may still have something to say
        }
    }

    private static void sendOutput(Process process, WebSocket ws) {
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                ws.send(line);
            }
            int status = process.waitFor();
            ws.close(status == 0 ? CloseStatus.NORMAL : CloseStatus.of(1011, "exit status " + status));
        } catch (IOException | InterruptedException e) {
            // the connection has ended, and handle() ends the program
        }
    }

    /** Ends a program and those it has started: politely first, and after a moment by force. */
    private static void end(Process process) {
        var family = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        family.forEach(ProcessHandle::destroy);
        try {
            CompletableFuture.allOf(family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            family.forEach(ProcessHandle::destroyForcibly);
        } catch (InterruptedException e) {
            family.forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }
}
