package io.github.postern.verify.autobahn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The suite's index of verdicts about one agent, each on what a case saw and on how its connection closed. */
final class Report {
    private static final Set<String> GOOD = Set.of("OK", "INFORMATIONAL");

    private final JsonObject cases;

    private Report(JsonObject cases) {
        this.cases = cases;
    }

    /** Reads the {@code index.json} of a folder of reports. */
    static Report read(Path folder, String agent) throws IOException {
        return parse(Files.readString(folder.resolve("index.json")), agent);
    }

    static Report parse(String json, String agent) {
        var agents = JsonParser.parseString(json).getAsJsonObject();
        assertEquals(Set.of(agent), agents.keySet(), "agents in the report");
        return new Report(agents.getAsJsonObject(agent));
    }

    /**
     * Fails, naming every case, if any verdict is another than OK or INFORMATIONAL, or a case is missing.
     *
     * @param count how many cases there have to be
     * @param exceptions cases and the reason why another verdict is right; one that passes is no exception any more, and fails
     */
    void assertStrict(int count, Map<String, String> exceptions) {
        var complaints = new ArrayList<String>();
        for (var id : cases.keySet()) {
            var verdict = cases.getAsJsonObject(id);
            var behavior = verdict.get("behavior").getAsString();
            var close = verdict.get("behaviorClose").getAsString();
            var good = GOOD.contains(behavior) && GOOD.contains(close);
            if (good && exceptions.containsKey(id)) {
                complaints.add(id + ": passes, and need not be an exception");
            } else if (!good && !exceptions.containsKey(id)) {
                complaints.add(id + ": " + behavior + ", close " + close + " with " + verdict.get("remoteCloseCode"));
            }
        }
        for (var id : new TreeSet<>(exceptions.keySet())) {
            if (!cases.has(id)) {
                complaints.add(id + ": an exception that was not run");
            }
        }
        if (cases.size() != count) {
            complaints.add(cases.size() + " cases in the report instead of " + count);
        }
        assertEquals(List.of(), complaints);
    }
}
