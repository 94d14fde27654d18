package io.github.postern.verify.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.verify.conformance.FrameHeader.LengthForm;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {
    /** What is read when these bytes, and no more, arrive. */
    private static Frame read(byte[] bytes) throws IOException, Finding {
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var reading = Wire.connect(
                        new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort()),
                        Duration.ofSeconds(30));
                var writing = new Wire(listening.accept(), Duration.ofSeconds(30))) {
            writing.write(bytes);
            writing.finishWriting();
            return Frame.read(reading.read(), reading);
        }
    }

    @Test
    void the_examples_of_rfc_6455_are_written() {
        assertEquals("81 05 48 65 6c 6c 6f", Hex.of(Frame.text("Hello").encode()));
        assertEquals(
                "81 85 37 fa 21 3d 7f 9f 4d 51 58", Hex.of(Frame.text("Hello").encode(0x37fa213d)));
        assertEquals("01 03 48 65 6c", Hex.of(Frame.text("Hel").unfinished().encode()));
        assertEquals("80 02 6c 6f", Hex.of(Frame.continuation("lo").encode()));
        assertEquals("89 05 48 65 6c 6c 6f", Hex.of(Frame.ping("Hello").encode()));
        assertTrue(Hex.of(Frame.binary(new byte[256]).encode()).startsWith("82 7e 01 00 00"));
        assertTrue(Hex.of(Frame.binary(new byte[65_536]).encode()).startsWith("82 7f 00 00 00 00 00 01 00 00 00"));
    }

    @Test
    void any_bits_and_lengths_can_be_written() {
        var frame = Frame.of(11, Hex.bytes("aa")).withRsv(Frame.RSV2);
        assertEquals("ab 01 aa", Hex.of(frame.encode()));
        assertEquals("ab 7e 00 01 aa", Hex.of(frame.encode(frame.header().length(LengthForm.EXTENDED_16, 1))));
        assertEquals(
                "ab ff ff ff ff ff ff ff ff ff 00 00 00 01",
                Hex.of(frame.header().length(LengthForm.EXTENDED_64, -1).mask(1).encode()));
        assertEquals("88 02 03 e8", Hex.of(Frame.close(1000, "").encode()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 125, 126, 65_535, 65_536})
    void what_was_written_is_read(int size) throws Exception {
        var sent = Frame.binary(FramingCases.binary(size)).withRsv(Frame.RSV1).unfinished();
        for (var bytes : new byte[][] {sent.encode(), sent.encode(0x80402010)}) {
            var received = read(bytes);
            assertEquals(Hex.of(sent.payload()), Hex.of(received.payload()));
            assertEquals(sent.toString(), received.toString());
        }
        assertEquals(OptionalInt.of(7), read(sent.encode(7)).mask());
        assertEquals(OptionalInt.empty(), read(sent.encode()).mask());
    }

    @Test
    void a_length_that_is_not_minimal_is_refused() {
        var frame = Frame.binary(new byte[125]);
        assertThrows(Finding.class, () -> read(frame.encode(frame.header().length(LengthForm.EXTENDED_16, 125))));
        var longer = Frame.binary(new byte[65_535]);
        assertThrows(Finding.class, () -> read(longer.encode(longer.header().length(LengthForm.EXTENDED_64, 65_535))));
    }

    @Test
    void a_length_beyond_reason_is_refused() {
        var header = Frame.binary(new byte[0]).header();
        assertThrows(
                Finding.class,
                () -> read(header.length(LengthForm.EXTENDED_64, -1).encode()));
        assertThrows(Finding.class, () -> read(header.length(1L << 40).encode()));
    }

    @Test
    void a_frame_that_is_cut_off_is_no_frame() {
        assertThrows(EOFException.class, () -> read(Hex.bytes("81 05 48")));
        assertThrows(EOFException.class, () -> read(Hex.bytes("81")));
    }
}
