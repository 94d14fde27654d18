package io.github.postern.ws.server;

import static io.github.postern.ws.server.RawClient.upgrade;
import static io.github.postern.ws.server.Servers.ECHO;
import static io.github.postern.ws.server.Servers.loopback;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where a server listens. */
@Timeout(60)
class AddressesTest {
    private static final InetSocketAddress FREE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @RegisterExtension
    final Servers servers = new Servers();

    private static String statusLine(InetSocketAddress address) throws IOException {
        try (var socket = new Socket(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write(upgrade("/").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void every_address_is_served_by_the_same_server() throws Exception {
        var server = servers.start(
                WebSocketServer.builder().path("/", ECHO).listen(FREE).listen(FREE));
        assertEquals(2, server.addresses().size());
        assertNotEquals(server.addresses().get(0), server.addresses().get(1));
        for (var address : server.addresses()) {
            assertEquals("HTTP/1.1 101", statusLine(address));
        }
        assertEquals(server.addresses().getFirst(), server.address());
        assertEquals(server.address().getPort(), server.port());
    }

    @Test
    void the_address_of_port_and_host_comes_first() throws Exception {
        var server = servers.start(WebSocketServer.builder()
                .path("/", ECHO)
                .listen(FREE)
                .host(InetAddress.getLoopbackAddress())
                .port(0));
        assertEquals(2, server.addresses().size());
        for (var address : server.addresses()) {
            assertEquals("HTTP/1.1 101", statusLine(address));
        }
    }

    @Test
    void all_addresses_of_the_machine_are_served_if_none_is_named() throws Exception {
        var server = servers.start(WebSocketServer.builder().path("/", ECHO));
        assertTrue(server.address().getAddress().isAnyLocalAddress());
        assertEquals(101, RawClient.status(server, upgrade("/")));
    }

    /** An address that nobody listens on. */
    private static InetSocketAddress freeAddress() throws IOException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return (InetSocketAddress) probe.getLocalSocketAddress();
        }
    }

    @Test
    void an_address_that_cannot_be_bound_is_named_and_the_others_are_released() throws Exception {
        var free = freeAddress();
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = (InetSocketAddress) taken.getLocalSocketAddress();
            var builder = WebSocketServer.builder().path("/", ECHO).listen(free).listen(address);
            var thrown = assertThrows(IOException.class, builder::start);
            assertTrue(String.valueOf(thrown.getMessage()).contains(address.toString()), thrown::getMessage);
            try (var again = new ServerSocket()) {
                again.bind(free); // which fails if the server still holds it
            }
        }
    }

    @Test
    void no_address_is_served_after_the_shutdown() throws Exception {
        var server = servers.start(
                WebSocketServer.builder().path("/", ECHO).listen(FREE).listen(FREE));
        var addresses = server.addresses();
        server.close();
        for (var address : addresses) {
            assertThrows(IOException.class, () -> statusLine(address));
        }
    }

    @Test
    void one_description_starts_several_servers() throws Exception {
        var builder = loopback().path("/", ECHO);
        var first = servers.start(builder);
        var second = servers.start(builder);
        first.close();
        assertEquals(101, RawClient.status(second, upgrade("/")));
    }

    @Test
    void an_unresolved_address_is_refused() {
        var builder = WebSocketServer.builder();
        var address = InetSocketAddress.createUnresolved("localhost", 0);
        assertThrows(IllegalArgumentException.class, () -> builder.listen(address));
    }
}
