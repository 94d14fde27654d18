package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** It behaves as one that is received as it arrives. */
class WholeIncomingTest {
    private static WholeIncoming binary(int... bytes) {
        var data = ByteBuffer.allocate(bytes.length);
        for (int value : bytes) {
            data.put((byte) value);
        }
        return new WholeIncoming(new Message.Binary(data.flip()));
    }

    @Test
    void the_whole_of_it_can_be_read() throws Exception {
        var characters = new StringWriter();
        new WholeIncoming(new Message.Text("abc")).reader().transferTo(characters);
        assertEquals("abc", characters.toString());
        var in = binary(1, 2, 255).inputStream();
        assertEquals(3, in.available());
        assertEquals(1, in.read());
        assertArrayEquals(new byte[] {2, (byte) 255}, in.readAllBytes());
        assertEquals(-1, in.read());
    }

    @ParameterizedTest(name = "closed by its stream: {0}")
    @ValueSource(booleans = {true, false})
    void a_closed_message_is_not_read_on(boolean byItsStream) throws Exception {
        var text = new WholeIncoming(new Message.Text("abc"));
        assertEquals('a', text.reader().read());
        var binary = binary(1, 2, 3);
        var in = binary.inputStream();
        assertEquals(1, in.read());
        if (byItsStream) {
            text.reader().close();
            in.close();
        } else {
            text.close();
            binary.close();
        }
        assertThrows(IOException.class, text.reader()::read);
        assertThrows(IOException.class, in::read);
        assertThrows(IOException.class, () -> in.read(new byte[2]));
        assertThrows(IOException.class, in::readAllBytes);
        assertEquals(0, in.available());
        text.close();
        binary.close();
    }

    @Test
    void closing_what_was_read_to_its_end_ends_it_as_well() throws Exception {
        var binary = binary(1);
        assertEquals(1, binary.inputStream().read());
        assertEquals(-1, binary.inputStream().read());
        binary.close();
        assertThrows(IOException.class, binary.inputStream()::read);
    }
}
