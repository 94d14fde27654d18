package io.github.postern.samples.compare;

import io.github.postern.push.PushLimits;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import io.github.postern.push.Topic;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Shows a comparison in browsers, live: over a push session of its own each page gets the result so far and then every sample, and gives its commands.
 */
final class LivePage implements AutoCloseable {
    private static final int LARGEST = 4 << 20;

    /** A page that does not keep up gets fewer samples, not older ones. */
    private static final SlowConsumer NEWEST_SAMPLE = SlowConsumer.conflate("sample");

    private final Comparison comparison;
    private final PushServer server;
    private final Topic pages;

    /** What the pages have been told of: the sampling thread's. */
    private @Nullable Run shown;

    /**
     * Begins to serve the page.
     *
     * @param port where, or 0 for any free port
     * @throws java.net.BindException if the port cannot be had
     */
    LivePage(Comparison comparison, int port) throws IOException {
        this.comparison = comparison;
        server = PushServer.builder()
                .host("localhost")
                .port(port)
                .options(PushOptions.defaults().withLimits(PushLimits.defaults().withUnacknowledged(1_000, LARGEST)))
                .path("/live", this::handle)
                .servlet("/compare.json", new Export("application/json", Report::text))
                .servlet("/compare.csv", new Export("text/csv", Csv::text))
                .resources(PageFile.directory())
                .resources(PageFile.chartDirectory())
                .start();
        pages = server.topic("pages");
        comparison.onSample(this::show);
    }

    int port() {
        return server.port();
    }

    private void show(Run run) {
        if (run != shown) {
            shown = run;
            pages.publish(everything(run), SlowConsumer.CLOSE);
        } else {
            pages.publish(sample(run).toString(), NEWEST_SAMPLE);
        }
    }

    private void handle(PushSession session) throws IOException, InterruptedException {
        var current = comparison.current();
        if (current.isPresent()) {
            session.send(everything(current.get()));
        }
        pages.subscribe(session);
        for (var message : session) {
            if (message instanceof Message.Text text) {
                answer(session, text.text());
            }
        }
    }

    private static String everything(Run run) {
        return Json.createObjectBuilder()
                .add("report", Report.of(run.result(false)))
                .build()
                .toString();
    }

    private void answer(PushSession session, String command) throws IOException, InterruptedException {
        try (var reader = Json.createReader(new StringReader(command))) {
            obey(reader.readObject());
        } catch (JsonException e) {
            tell(session, "not a command");
        } catch (IllegalArgumentException | IOException e) {
            tell(session, String.valueOf(e.getMessage()));
        }
    }

    private static void tell(PushSession session, String wrong) throws IOException {
        session.send(Json.createObjectBuilder().add("wrong", wrong).build().toString());
    }

    private void obey(JsonObject command) throws IOException, InterruptedException {
        switch (command.getString("do", "")) {
            case "measure" ->
                comparison.begin(new Settings(
                        Duration.ofMillis(command.getInt("intervalMillis", -1)),
                        command.getInt("sizeBytes", -1),
                        command.getInt("clients", -1),
                        Duration.ofMillis(command.getInt("pollIntervalMillis", -1))));
            case "network" -> {
                var conditions = new Conditions(
                        Duration.ofMillis(command.getInt("latencyMillis", -1)),
                        command.getBoolean("webSocketBlocked", false),
                        command.getBoolean("buffering", false));
                comparison.current().ifPresent(run -> run.apply(conditions));
            }
            case "cut" -> comparison.current().ifPresent(Run::cut);
            default -> throw new IllegalArgumentException("not a command: " + command.getString("do", ""));
        }
    }

    /** The result without its time series but the last point of each, and what is going on in the lanes. */
    private static JsonObject sample(Run run) {
        var result = run.result(false);
        var report = Report.settings(result);
        result.measurements().forEach(m -> {
            var points = result.series().getOrDefault(m.name(), List.of());
            var lane = Report.of(m);
            if (!points.isEmpty()) {
                lane.add("point", Report.of(points.getLast()));
            }
            var live = run.lanes().get(m.transport());
            report.add(m.name(), live == null ? lane : lane.addAll(liveOf(live)));
        });
        return Json.createObjectBuilder().add("sample", report).build();
    }

    private static JsonObjectBuilder liveOf(Lane lane) {
        var newest = Json.createArrayBuilder();
        lane.newest()
                .forEach(arrival -> newest.add(Json.createObjectBuilder()
                        .add("n", arrival.number())
                        .add("latency", arrival.latency())
                        .add("data", arrival.data())));
        var carriers = Json.createObjectBuilder();
        lane.carriers().forEach((transport, clients) -> carriers.add(Measurement.name(transport), clients));
        return Json.createObjectBuilder()
                .add("newest", newest)
                .add("events", Json.createArrayBuilder(lane.events()))
                .add("carriers", carriers);
    }

    @Override
    public void close() {
        server.close();
    }

    /** The result so far, to be kept as a file. */
    private final class Export extends HttpServlet {
        @Serial
        private static final long serialVersionUID = 1L;

        private final transient String type;
        private final transient Function<Result, String> format;

        Export(String type, Function<Result, String> format) {
            this.type = type;
            this.format = format;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType(type + ";charset=utf-8");
            response.setHeader("Cache-Control", "no-store");
            var current = comparison.current();
            if (current.isEmpty()) {
                response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "nothing is measured yet");
                return;
            }
            var text = format.apply(current.get().result(false));
            response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
