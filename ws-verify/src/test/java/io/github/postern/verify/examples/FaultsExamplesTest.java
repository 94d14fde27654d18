package io.github.postern.verify.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import io.github.postern.faults.Fault;
import io.github.postern.faults.FaultProxy;
import io.github.postern.faults.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of {@code ws-faults}, with a client that asks again under the number of its order when it gets no answer. */
@Timeout(60)
class FaultsExamplesTest {
    private static final Set<String> ORDERS = ConcurrentHashMap.newKeySet();
    private static final HttpServer server = start();

    private static HttpServer start() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/orders", exchange -> {
                ORDERS.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            server.createContext("/events", exchange -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    private record OrderClient(URI uri) {
        void order(String what) throws IOException, InterruptedException {
            var order = UUID.randomUUID() + " " + what;
            var request = HttpRequest.newBuilder(uri)
                    .POST(HttpRequest.BodyPublishers.ofString(order))
                    .build();
            try (var client = HttpClient.newHttpClient()) {
                try {
                    client.send(request, HttpResponse.BodyHandlers.discarding());
                } catch (IOException e) {
                    client.send(request, HttpResponse.BodyHandlers.discarding());
                }
            }
        }
    }

    private static int ordersOfTheServer() {
        return ORDERS.size();
    }

    // @start region="test" :
    @RegisterExtension
    static final FaultProxy proxy = FaultProxy.to(() -> server.getAddress().getPort());

    @Test
    void an_order_whose_answer_was_lost_is_not_placed_twice() throws Exception {
        var lost = proxy.next(Request.post(), Fault.loseResponse());
        new OrderClient(proxy.uri("/orders")).order("book");
        lost.await();
        assertEquals(1, ordersOfTheServer());
    }
    // @end

    @Test
    void a_stream_is_held_back_until_the_fault_is_cleared() throws Exception {
        // @start region="stream" :
        var muted = proxy.every(Request.get().and(Request.path("/events")), Fault.muteBody());
        // @end
        var request = HttpRequest.newBuilder(proxy.uri("/events")).build();
        try (var client = HttpClient.newHttpClient()) {
            var silent = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
            muted.await();
            muted.clear();
            var heard = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals("data: 1\n\n", heard.body());
            assertEquals(false, silent.isDone());
            proxy.cutAll();
            silent.handle((response, failure) -> "over").get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_machine_sleeps_and_wakes_up() throws Exception {
        var request = HttpRequest.newBuilder(proxy.uri("/events")).build();
        try (var client = HttpClient.newHttpClient()) {
            // @start region="sleep" :
            proxy.freeze();
            var answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
            proxy.thaw();
            // @end
            assertEquals("data: 1\n\n", answer.get(20, TimeUnit.SECONDS).body());
        }
    }
}
