package io.github.postern.release;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;

/** Who takes the WebSocket server alone downloads three jars, which do not grow unnoticed. Two thirds of them are the constant pools of 200 classes. */
final class SizeRule implements Rule {
    static final long LIMIT = 400_000;

    private static final Set<String> SERVER = Set.of("ws-core", "ws-connection", "ws-server");

    @Override
    public List<String> violations(Release release) throws IOException {
        long size = 0;
        for (var artifact : release.jars()) {
            if (SERVER.contains(artifact.artifactId()) && Files.exists(artifact.jar())) {
                size += Files.size(artifact.jar());
            }
        }
        return size <= LIMIT
                ? List.of()
                : List.of("the jars of ws-core, ws-connection and ws-server are larger than " + LIMIT + " bytes: "
                        + size);
    }
}
