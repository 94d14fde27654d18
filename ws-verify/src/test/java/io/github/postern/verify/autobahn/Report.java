package io.github.postern.verify.autobahn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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
     * A verdict that is right although it is not a good one.
     *
     * @param cases an id, or the beginning of several and a star, as in {@code 13.3.*}
     * @param behavior the verdict, for instance {@code UNIMPLEMENTED}; the connection must have closed well all the same
     * @param reason for the reader
     */
    record Exemption(String cases, String behavior, String reason) {
        private boolean covers(String id) {
            return cases.endsWith("*") ? id.startsWith(cases.substring(0, cases.length() - 1)) : id.equals(cases);
        }
    }

    /**
     * Fails, naming every case, if any verdict is another than OK or INFORMATIONAL, or a case is missing.
     *
     * @param count how many cases there have to be
     * @param exemptions what is expected instead; a case that passes needs none any more, and fails
     */
    void assertStrict(int count, List<Exemption> exemptions) {
        var complaints = new ArrayList<String>();
        for (var id : cases.keySet()) {
            var verdict = cases.getAsJsonObject(id);
            var behavior = verdict.get("behavior").getAsString();
            var close = verdict.get("behaviorClose").getAsString();
            var expected = exemptions.stream()
                    .filter(exemption -> exemption.covers(id))
                    .map(exemption -> Set.of(exemption.behavior()))
                    .findFirst()
                    .orElse(GOOD);
            if (!expected.contains(behavior) || !GOOD.contains(close)) {
                complaints.add(id + ": " + behavior + ", close " + close + " with " + verdict.get("remoteCloseCode"));
            }
        }
        exemptions.stream()
                .filter(exemption -> cases.keySet().stream().noneMatch(exemption::covers))
                .forEach(exemption -> complaints.add(exemption.cases() + ": exempted and not run"));
        if (cases.size() != count) {
            complaints.add(cases.size() + " cases in the report instead of " + count);
        }
        assertEquals(List.of(), complaints);
    }
}
