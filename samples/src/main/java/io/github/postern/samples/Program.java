package io.github.postern.samples;

import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Runs a program for each connection: a message is a line of its input, a line of its output is a message, and what it says on its standard error goes to the log. */
final class Program {
    private static final Logger LOG = System.getLogger(Program.class.getName());
    private static final CloseStatus TOO_MANY = CloseStatus.of(1013, "too many processes");
    private static final CloseStatus NOT_A_LINE = CloseStatus.of(1003, "a line is text");
    private static final int UNREAD_LINES = 64;
    private static final int GRACE_SECONDS = 2;

    private final List<String> command;
    private final Path directory;
    private final Semaphore free;

    /**
     * A program with its arguments.
     *
     * @param directory where it runs
     */
    Program(List<String> command, Path directory, int maxProcesses) {
        this.command = command;
        this.directory = directory;
        this.free = new Semaphore(maxProcesses);
    }

    /**
     * Runs it for a connection, to the end of that.
     *
     * @param environment is added to ours
     */
    void serve(Connection connection, Map<String, String> environment) throws IOException, InterruptedException {
        if (!free.tryAcquire()) {
            connection.close(TOO_MANY);
            return;
        }
        try {
            var builder = new ProcessBuilder(command).directory(directory.toFile());
            builder.environment().putAll(environment);
            var process = builder.start();
            try {
                converse(connection, process);
            } finally {
                end(process);
            }
        } finally {
            free.release();
        }
    }

    private static void converse(Connection connection, Process process) throws InterruptedException {
        var lines = new ArrayBlockingQueue<String>(UNREAD_LINES);
        var writer = Thread.ofVirtual().start(() -> writeInput(process, lines));
        Thread.ofVirtual().start(() -> sendOutput(process, connection));
        Thread.ofVirtual().start(() -> logErrors(process));
        try {
            for (var message : connection) {
                if (!(message instanceof Message.Text text)) {
                    connection.close(NOT_A_LINE);
                    return;
                }
                // a program that does not read its input must not keep us from noticing that the connection has ended
                while (!lines.offer(text.text(), 1, TimeUnit.SECONDS)) {
                    if (connection.readyState() != ReadyState.OPEN) {
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

    private static void sendOutput(Process process, Connection connection) {
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                connection.send(line);
            }
            int status = process.waitFor();
            connection.close(status == 0 ? CloseStatus.NORMAL : CloseStatus.of(1011, "exit status " + status));
        } catch (IOException | InterruptedException e) {
            // the connection has ended, and handle() ends the program
        }
    }

    private static void logErrors(Process process) {
        try (var errors = process.errorReader(StandardCharsets.UTF_8)) {
            for (var line = errors.readLine(); line != null; line = errors.readLine()) {
                LOG.log(Level.INFO, "process " + process.pid() + ": " + Frame.printable(line));
            }
        } catch (IOException e) {
            // it has ended
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
