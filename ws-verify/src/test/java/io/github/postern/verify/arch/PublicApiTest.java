package io.github.postern.verify.arch;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The API is what {@code public-api.txt} says, so that whatever it gains or loses is seen in a review. */
class PublicApiTest {
    private static final Path LIST = PosternModule.root().resolve("ws-verify/src/main/resources/public-api.txt");
    private static final String UPDATE =
            "mvn -pl ws-verify -am test -Dtest=PublicApiTest -Dsurefire.failIfNoSpecifiedTests=false -Dpostern.api.update=true";

    @Test
    void the_public_api_is_the_one_that_was_agreed() throws IOException {
        var actual = new ArrayList<String>();
        actual.add("# The public API of the library, written by PublicApiTest. To change it:");
        actual.add("# " + UPDATE);
        PosternModule.LIBRARIES.forEach(module -> actual.addAll(PublicApi.of(module)));
        assertTrue(actual.size() >= 200, () -> "hardly an API: " + actual.size() + " lines");
        if (Boolean.getBoolean("postern.api.update")) {
            Files.createDirectories(LIST.getParent());
            Files.write(LIST, actual);
        }
        var agreed = Files.readAllLines(LIST);
        if (!agreed.equals(actual)) {
            fail("The public API has changed:\n" + difference(agreed, actual) + "\nIf that is meant:\n  " + UPDATE
                    + "\n");
        }
    }

    private static String difference(List<String> agreed, List<String> actual) {
        var gone = new TreeSet<>(qualified(agreed));
        var added = new TreeSet<>(qualified(actual));
        added.removeAll(qualified(agreed));
        gone.removeAll(qualified(actual));
        var lines = new ArrayList<String>();
        gone.forEach(line -> lines.add("- " + line));
        added.forEach(line -> lines.add("+ " + line));
        return lines.isEmpty() ? "only the order or the empty lines" : String.join("\n", lines);
    }

    /** Each member behind the headline of its type, so that it can stand alone. */
    private static List<String> qualified(List<String> lines) {
        var result = new ArrayList<String>();
        String type = "";
        for (var line : lines) {
            if (line.startsWith("    ")) {
                result.add(type + "\n      " + line.strip());
            } else {
                type = line;
                result.add(line);
            }
        }
        return result;
    }
}
