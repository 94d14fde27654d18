package io.github.postern.benchmarks.server;

import java.util.List;

/**
 * How a server is set up: rows that want the same share a process.
 *
 * @param deflate whether to agree on permessage-deflate, without context takeover
 * @param tls whether to speak TLS, with the {@link ServerCertificate}
 * @param largestMessage the limit that the application sets, in bytes; some reserve as much for each connection
 */
record Setup(boolean deflate, boolean tls, int largestMessage) {
    private static final int SMALL_MESSAGE = 8 * 1024;
    private static final int LARGE_MESSAGE = 2 * 1024 * 1024;

    static Setup of(Row row) {
        return new Setup(row.isDeflated(), row.isTls(), row.size() < SMALL_MESSAGE ? SMALL_MESSAGE : LARGE_MESSAGE);
    }

    static Setup parse(List<String> arguments) {
        return new Setup(
                Boolean.parseBoolean(arguments.getFirst()),
                Boolean.parseBoolean(arguments.get(1)),
                Integer.parseInt(arguments.getLast()));
    }

    List<String> arguments() {
        return List.of(Boolean.toString(deflate), Boolean.toString(tls), Integer.toString(largestMessage));
    }
}
