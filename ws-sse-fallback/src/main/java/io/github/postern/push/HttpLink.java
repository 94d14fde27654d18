package io.github.postern.push;

import io.github.postern.ws.core.CloseStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The requests of one session over HTTP (PROTOCOL.md §4, §6, §7). The methods block; an interrupt cancels the request. */
final class HttpLink implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpLink.class.getName());
    private static final String EVENT_STREAM = "text/event-stream";
    private static final int SMALL_BODY = 64 * 1024;
    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    /**
     * A whole response.
     *
     * @param body its body, as far as it fits into 64 KiB
     */
    record Reply(int status, HttpHeaders headers, ByteBuffer body) {
        Optional<String> header(String name) {
            return headers.firstValue(name);
        }
    }

    private final Endpoint endpoint;
    private final TokenSource tokens;
    private final ExecutorService threads;
    private final HttpClient client;

    HttpLink(Endpoint endpoint, TokenSource tokens, Duration connectTimeout) {
        this.endpoint = endpoint;
        this.tokens = tokens;
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("postern-push-client-http").factory());
        var builder = HttpClient.newBuilder()
                .executor(threads)
                .cookieHandler(endpoint.cookies())
                .connectTimeout(connectTimeout)
                // over plain TCP the JDK would offer h2c with every first request, which costs bytes and gains nothing
                // here
                .version(endpoint.isSecure() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (endpoint.sslContext() != null) {
            builder.sslContext(endpoint.sslContext());
        }
        this.client = builder.build();
    }

    /** Asks for messages, and waits for the head of the response. */
    HttpResponse<ByteFeed> get(Hello hello, PushTransport transport, long timeoutNanos)
            throws IOException, InterruptedException {
        var request = request(tokens.value())
                .GET()
                .setHeader("Accept", EVENT_STREAM)
                .setHeader(PushHeaders.EPOCH, Long.toString(hello.epoch()));
        if (hello.session() != null) {
            request.setHeader(PushHeaders.SESSION, hello.session());
        }
        if (hello.position() > 0) {
            request.setHeader(PushHeaders.LAST_EVENT_ID, Long.toString(hello.position()));
        }
        if (transport != PushTransport.SSE) {
            request.setHeader(PushHeaders.TRANSPORT, transport.token());
        }
        return exchange(request.build(), timeoutNanos);
    }

    /** Sends, and waits for the answer. */
    Reply post(Post post, long timeoutNanos) throws IOException, InterruptedException {
        var request = request(tokens.value())
                .POST(HttpRequest.BodyPublishers.ofByteArray(post.body()))
                .setHeader("Content-Type", EVENT_STREAM)
                .setHeader(PushHeaders.SESSION, post.session())
                .setHeader(PushHeaders.EPOCH, Long.toString(post.epoch()));
        if (post.sequence() != Post.NO_SEQUENCE) {
            request.setHeader(PushHeaders.SEQUENCE, Long.toString(post.sequence()));
        }
        if (post.position() != Batch.NO_ACK) {
            request.setHeader(PushHeaders.LAST_EVENT_ID, Long.toString(post.position()));
        }
        return whole(exchange(request.build(), timeoutNanos), timeoutNanos);
    }

    /** Closes a session that nobody needs, once: if that is lost, the server forgets it in time. */
    void closeStray(String secret, long epoch, long timeoutNanos) throws InterruptedException {
        try {
            var close = new Batch.Close(1, CloseStatus.NORMAL);
            var unused = post(new Post(secret, epoch, List.of(), close, Batch.NO_ACK), timeoutNanos);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a session too many could not be closed", e);
        }
    }

    private HttpRequest.Builder request(@Nullable String token) {
        var request = HttpRequest.newBuilder(endpoint.http());
        endpoint.headers().forEach(request::header);
        if (token != null) {
            request.setHeader("Authorization", "Bearer " + token);
        }
        return request;
    }

    private HttpResponse<ByteFeed> exchange(HttpRequest request, long timeoutNanos)
            throws IOException, InterruptedException {
        // not HttpRequest.timeout: newer JDKs count the body in, and a stream has no end
        var response = client.sendAsync(request, head -> new ByteFeed());
        try {
            return response.get(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new SocketTimeoutException("no answer for " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms");
        } catch (CancellationException e) {
            throw new IOException("cancelled", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException("the request failed", e.getCause());
        } finally {
            if (!response.isDone()) {
                response.cancel(true);
            }
        }
    }

    /** Reads the rest of a response, so that its network connection can be used again, unless it is long. */
    static Reply whole(HttpResponse<ByteFeed> response, long timeoutNanos) throws IOException, InterruptedException {
        var feed = response.body();
        try {
            var body = new ByteArrayOutputStream();
            for (var bytes = feed.next(timeoutNanos);
                    bytes != null && body.size() < SMALL_BODY;
                    bytes = feed.next(timeoutNanos)) {
                var chunk = new byte[bytes.remaining()];
                bytes.get(chunk);
                body.write(chunk, 0, chunk.length);
            }
            return new Reply(response.statusCode(), response.headers(), ByteBuffer.wrap(body.toByteArray()));
        } finally {
            feed.cancel(); // does nothing to a body that is complete
        }
    }

    /**
     * What a response means that is no event stream, or {@code null} if it is one.
     *
     * @param epoch the epoch of the request
     */
    static @Nullable Outcome refusal(HttpResponse<ByteFeed> response, long epoch, long timeoutNanos)
            throws IOException, InterruptedException {
        if (response.statusCode() != 200) {
            var reply = whole(response, timeoutNanos);
            if (reply.status() == 403 && reply.header(PushHeaders.EPOCH).equals(Optional.of(Long.toString(epoch)))) {
                return Refusal.repeated();
            }
            return Refusal.ofStatus(
                    reply.status(), reply.header(PushHeaders.ERROR), reply.header("Retry-After"), reply.body());
        }
        var type = response.headers().firstValue("Content-Type").orElse("none");
        if (!type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length())) {
            return new Outcome.Refused(new IOException("the answer is no event stream"));
        }
        return null;
    }

    /** Drops every request under way and releases connections and threads. */
    @Override
    public void close() {
        client.shutdownNow();
        try {
            if (!client.awaitTermination(SHUTDOWN)) {
                LOG.log(Level.WARNING, "the HTTP client of {0} does not end", endpoint);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends without us
        }
        threads.shutdown();
    }
}
