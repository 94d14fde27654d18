package io.github.postern.verify.proxies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.postern.push.PushClient;
import io.github.postern.push.PushClientOptions;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import io.github.postern.push.PushTransport;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Two push servers behind one proxy with the configuration of {@code docs/guide/proxies.md}, and clients of theirs that open another session when one has
 * ended.
 */
final class Fleet implements AutoCloseable {
    private static final Pattern COOKIE = Pattern.compile("push_server=([ab]);.*");
    private static final int PATIENCE_SECONDS = 20;
    private static final int ENOUGH = 15;

    private final PushOptions options;
    private final ReverseProxy proxy;
    private final List<PushServer> servers = new ArrayList<>();

    /** By the name of a server a header field of clients whose sessions begin there. */
    private final Map<String, Header> steering;

    private final Map<String, Talk> atClients = new ConcurrentHashMap<>();
    private final Map<String, Talk> atServers = new ConcurrentHashMap<>();

    /** By the ids of sessions, the names of the servers that have them. */
    private final Map<String, String> homes = new ConcurrentHashMap<>();

    private final List<Client> clients = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private volatile boolean closing;

    /** Guards what tests wait for. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();

    private record Header(String name, String value) {}

    /** One that runs, with servers a and b and no clients. */
    Fleet(ProxyProgram program, PushOptions options) throws IOException, InterruptedException {
        assumeTrue(program.isInstalled(), program + " is " + ProxyProgram.MISSING);
        this.options = options;
        var a = serve("a", 0);
        var b = serve("b", 0);
        proxy = ReverseProxy.documented(program, Map.of(8081, a.port(), 8082, b.port()));
        try {
            steering = switch (program) {
                case NGINX -> agents();
                case HAPROXY ->
                    Map.of("a", new Header("Cookie", "push_server=a"), "b", new Header("Cookie", "push_server=b"));
            };
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Finds programs of which one falls to a and one to b: what nginx makes of a name only nginx knows. */
    private Map<String, Header> agents() throws IOException, InterruptedException {
        var agents = new HashMap<String, Header>();
        try (var http = HttpClient.newHttpClient()) {
            for (int i = 0; agents.size() < 2; i++) {
                assertTrue(i < 64, "all fall to one server");
                var agent = "agent-" + i;
                var request = HttpRequest.newBuilder(proxy.uri("/push"))
                        .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                        .header("User-Agent", agent);
                var answer = http.send(request.build(), HttpResponse.BodyHandlers.discarding());
                var cookie =
                        COOKIE.matcher(answer.headers().firstValue("Set-Cookie").orElse("no cookie"));
                assertTrue(cookie.matches(), answer::toString);
                agents.putIfAbsent(cookie.group(1), new Header("User-Agent", agent));
            }
        }
        return agents;
    }

    ReverseProxy proxy() {
        return proxy;
    }

    /** The first server, and the second; later ones by the order of their start. */
    PushServer server(int index) {
        return servers.get(index);
    }

    /** Starts a server of this name, which its sessions are known by. */
    PushServer serve(String name, int port) throws IOException {
        var server = PushServer.builder()
                .port(port)
                .options(options)
                .path("/push", session -> talk(name, session))
                .start();
        servers.add(server);
        return server;
    }

    private void talk(String name, PushSession session) throws InterruptedException {
        var talk = new Talk(session, this::signal);
        homes.put(session.id(), name);
        atServers.put(session.id(), talk);
        talk.run();
        signal();
    }

    /** One client, on one session after the other. */
    final class Client {
        private final String name;
        private final PushTransport transport;
        private final Thread thread;
        private final List<Talk> talks = new ArrayList<>();
        private volatile @Nullable Talk current;

        private Client(PushTransport transport, String first) {
            this.name = transport + " of " + first;
            this.transport = transport;
            this.thread =
                    Thread.ofVirtual().name(name).unstarted(() -> run(Objects.requireNonNull(steering.get(first))));
        }

        private void run(Header steered) {
            try {
                do {
                    var session = PushClient.builder(proxy.uri("/push"))
                            .transport(transport)
                            .header(steered.name(), steered.value())
                            .options(PushClientOptions.defaults().withPollInterval(Duration.ofMillis(50)))
                            .connect();
                    var talk = new Talk(session, Fleet.this::signal);
                    atClients.put(session.id(), talk);
                    talks.add(talk);
                    current = talk;
                    talk.run();
                } while (!closing);
            } catch (IOException | InterruptedException | RuntimeException e) {
                faults.add(name + ": " + e);
            }
            signal();
        }

        /** The session that it has now, if that has been opened. */
        @Nullable
        PushSession session() {
            var talk = current;
            return talk == null ? null : talk.session();
        }

        /** The name of the server that has its session. */
        @Nullable
        String home() {
            var session = session();
            return session == null ? null : homes.get(session.id());
        }

        /** How many sessions it has had. */
        int sessions() {
            return talks.size();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Starts clients on every transport that begin with this server. */
    List<Client> connect(String first) {
        var started = new ArrayList<Client>();
        for (var transport : PushTransport.values()) {
            var client = new Client(transport, first);
            started.add(client);
            client.thread.start();
        }
        clients.addAll(started);
        return started;
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something that a message or the end of a session brings about. */
    void await(BooleanSupplier condition) throws InterruptedException {
        lock.lock();
        try {
            long rest = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!condition.getAsBoolean()) {
                assertEquals(List.of(), List.copyOf(faults));
                assertTrue(rest > 0, () -> "waited in vain: " + atClients.values() + atServers.values());
                rest = changed.awaitNanos(rest);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until each client's session, the one that it has now, has got on in both directions. */
    void awaitProgress() throws InterruptedException {
        await(() -> clients.stream().allMatch(client -> other(client) != null));
        var marks = new ArrayList<Mark>();
        for (var client : clients) {
            var here = Objects.requireNonNull(client.current);
            var there = Objects.requireNonNull(other(client));
            marks.add(new Mark(here, here.received() + ENOUGH));
            marks.add(new Mark(there, there.received() + ENOUGH));
        }
        await(() -> marks.stream().allMatch(mark -> mark.talk().received() >= mark.count()));
    }

    /** How many messages somebody is to have received. */
    private record Mark(Talk talk, int count) {}

    private @Nullable Talk other(Client client) {
        var session = client.session();
        return session == null ? null : atServers.get(session.id());
    }

    /** Both sides of every session that there was. */
    record Sides(Talk client, Talk server) {}

    /** Waits until the clients have ended, opening nothing more, and returns all that there was. */
    List<Sides> end() throws InterruptedException {
        for (var client : clients) {
            assertTrue(client.thread.join(Duration.ofSeconds(PATIENCE_SECONDS)), client::toString);
        }
        assertEquals(List.of(), List.copyOf(faults));
        assertEquals(atClients.keySet(), atServers.keySet(), "sessions of servers that no client knows, or of clients");
        var all = new ArrayList<Sides>();
        atClients.forEach((id, talk) -> {
            var other = atServers.get(id);
            assertNotNull(other);
            all.add(new Sides(talk, other));
        });
        return all;
    }

    /** From now on clients open no other session when theirs has ended. */
    void openNoMore() {
        closing = true;
    }

    @Override
    public void close() throws IOException {
        closing = true;
        for (var client : clients) {
            client.thread.interrupt();
            var session = client.session();
            if (session != null) {
                session.abort();
            }
        }
        proxy.close();
        servers.forEach(PushServer::close);
        assertEquals(List.of(), ReverseProxy.leaked());
    }
}
