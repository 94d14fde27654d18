package io.github.postern.benchmarks.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A Java process that is asked by lines and answers by lines, on one core where {@code taskset} exists and there are several. */
public final class JvmProcess implements AutoCloseable {
    private static final boolean PINNING = Runtime.getRuntime().availableProcessors() > 1 && hasTaskset();
    private static final long ANSWER_SECONDS = 300;
    private static final long END_SECONDS = 10;
    private static final String END = "\n";

    private final Process process;
    private final Path log;
    private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(16);

    private JvmProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        Thread.ofVirtual().start(this::listen);
    }

    public static boolean isPinning() {
        return PINNING;
    }

    /**
     * Starts one with this process's JDK and class path.
     *
     * @param log where its standard error goes
     */
    public static JvmProcess start(int core, List<String> options, Class<?> main, List<String> arguments, Path log)
            throws IOException {
        var command = new ArrayList<String>();
        if (PINNING) {
            command.addAll(List.of("taskset", "-c", Integer.toString(core)));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        Files.createDirectories(log.toAbsolutePath().getParent());
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        return new JvmProcess(process, log);
    }

    private static boolean hasTaskset() {
        try {
            return new ProcessBuilder("taskset", "-c", "0,1", "true")
                            .redirectErrorStream(true)
                            .redirectOutput(new File("/dev/null"))
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.put(line);
            }
            answers.put(END);
        } catch (IOException e) {
            answers.offer(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Says a line, and waits for the one that answers it.
     *
     * @throws IOException if there is none for long, or the process has ended
     */
    public String ask(String line) throws IOException, InterruptedException {
        var out = process.outputWriter();
        out.write(line + "\n");
        out.flush();
        return answer();
    }

    /**
     * Waits for a line that nothing has asked for.
     *
     * @throws IOException if there is none for long, or the process has ended
     */
    public String answer() throws IOException, InterruptedException {
        var answer = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
        if (answer == null || answer.equals(END)) {
            throw new IOException("no answer of process " + pid() + ", see " + log);
        }
        return answer;
    }

    /** Ends it by its input's end, or else by force. */
    @Override
    public void close() {
        try {
            process.outputWriter().close();
            if (process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException e) {
            // it has ended, or is ended now
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
