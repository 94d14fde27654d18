package io.github.postern.verify.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.Outbound;
import io.github.postern.ws.core.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The examples of {@code ws-core}. */
class CoreExamplesTest {
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private final List<Event> events = new ArrayList<>();

    private void send(ByteBuffer bytes) {
        bytes.flip();
        while (bytes.hasRemaining()) {
            wire.write(bytes.get());
        }
        bytes.clear();
    }

    private void deal(Event event) {
        events.add(event);
    }

    @Test
    void what_one_end_encodes_the_other_decodes() {
        var outbound = new Outbound(Role.SERVER, () -> 0);
        var output = ByteBuffer.allocate(3);
        // @start region="outbound" :
        outbound.text("hello");
        while (!outbound.encode(output)) {
            send(output); // and make room in it
        }
        // @end
        send(output);
        var inbound = new Inbound(Role.CLIENT, Limits.defaults());
        var input = ByteBuffer.wrap(wire.toByteArray());
        // @replace region regex="@Nullable " replacement=""
        // @start region="inbound" :
        @Nullable Event event;
        while ((event = inbound.next(input)) != null) {
            deal(event); // and send its reply(), if it has one
        }
        // all of input is consumed: read more
        // @end
        // @end
        assertEquals(List.of(new Event.Text("hello")), events);
        assertEquals(0, input.remaining());
    }

    @Test
    void a_frame_is_made_and_read_without_a_socket() {
        // @start region="frame" :
        var client = new Outbound(Role.CLIENT, () -> ThreadLocalRandom.current().nextInt()); // unpredictable in earnest
        var server = new Inbound(Role.SERVER, Limits.defaults());
        var bytes = ByteBuffer.allocate(100);

        client.text("hello");
        client.encode(bytes); // 81 85, four bytes of masking key, five bytes of garbled text
        var event = server.next(bytes.flip()); // Event.Text[text=hello]
        // @end
        assertEquals(new Event.Text("hello"), event);
    }
}
