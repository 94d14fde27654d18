package io.github.postern.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.samples.Arguments.Sample;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.BindException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void help_is_shown_on_standard_output() throws Exception {
        assertEquals(0, run(arguments -> 7, "--help"));
        assertTrue(out.toString().contains("--port=PORT"), out.toString());
        assertTrue(out.toString().contains("(default: 8080)"), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void the_sample_decides_the_exit_code() throws Exception {
        assertEquals(7, run(arguments -> 7));
    }

    @Test
    void an_option_that_is_not_given_has_its_default() throws Exception {
        assertEquals(8080, run(Arguments::portNumber));
    }

    @Test
    void an_unknown_option_is_a_sentence_and_exit_code_2() throws Exception {
        assertWrong("samples/run test: Unknown option: '--prot'", arguments -> 0, "--prot");
    }

    @Test
    void an_argument_that_belongs_nowhere_is_a_sentence_and_exit_code_2() throws Exception {
        assertWrong("samples/run test: Unmatched argument at index 0: 'stray'", arguments -> 0, "stray");
    }

    @Test
    void a_number_that_is_none_is_a_sentence_and_exit_code_2() throws Exception {
        assertWrong(
                "samples/run test: Invalid value for option '--port': 'http' is not an int",
                arguments -> 0,
                "--port",
                "http");
    }

    @Test
    void a_number_is_taken_up_to_both_bounds() throws Exception {
        assertEquals(5, run(arguments -> arguments.number("--port", 5, 7), "--port", "5"));
        assertEquals(7, run(arguments -> arguments.number("--port", 5, 7), "--port", "7"));
        assertWrong(
                "samples/run test: --port must be between 5 and 7, not 4",
                arguments -> arguments.number("--port", 5, 7),
                "--port=4");
        assertWrong(
                "samples/run test: --port must be between 5 and 7, not 8",
                arguments -> arguments.number("--port", 5, 7),
                "--port=8");
    }

    @Test
    void a_taken_port_is_a_sentence_and_exit_code_2() throws Exception {
        Sample sample = arguments -> {
            throw new IOException("cannot listen on port 8080: in use", new BindException("in use"));
        };
        assertEquals(2, run(sample));
        assertEquals("samples/run test: cannot listen on port 8080: in use\n", err.toString());
    }

    @Test
    void a_missing_file_is_a_sentence_and_exit_code_2() throws Exception {
        Sample sample = arguments -> {
            throw new NoSuchFileException("lines.txt");
        };
        assertEquals(2, run(sample));
        assertEquals("samples/run test: there is no file lines.txt\n", err.toString());
    }

    @Test
    void any_other_failure_to_read_or_write_is_a_sentence_and_exit_code_1() throws Exception {
        Sample sample = arguments -> {
            throw new FileNotFoundException("disk full");
        };
        assertEquals(1, run(sample));
        assertEquals("samples/run test: disk full\n", err.toString());
    }

    @Test
    void a_text_may_be_given_or_not() throws Exception {
        assertEquals(0, run(arguments -> arguments.text("--name").isPresent() ? 1 : 0));
        assertEquals(3, run(arguments -> arguments.text("--name").orElse("").length(), "--name", "Ann"));
    }

    @Test
    void texts_keep_their_order_and_take_one_argument_each() throws Exception {
        Sample sample = arguments -> {
            assertEquals(List.of("a b", "c"), arguments.texts("--each"));
            return arguments.texts("--none").size();
        };
        assertEquals(0, run(sample, "--each", "a b", "--each=c", "--name", "Ann"));
        assertWrong("samples/run test: Unmatched argument at index 2: 'c'", sample, "--each", "a b", "c");
    }

    private int run(Sample sample, String... args) throws Exception {
        var command = Arguments.command("test", "Tests.")
                .addOption(Arguments.port())
                .addOption(Arguments.text("--name", "NAME", "A name."))
                .addOption(Arguments.texts("--each", "EACH", "One of them."))
                .addOption(Arguments.texts("--none", "NONE", "Not given."));
        return Arguments.run(command, args, new PrintWriter(out, true), new PrintWriter(err, true), sample);
    }

    private void assertWrong(String sentence, Sample sample, String... args) throws Exception {
        err.getBuffer().setLength(0);
        assertEquals(2, run(sample, args));
        assertEquals(sentence + " (--help tells the options)\n", err.toString());
    }
}
