package io.github.postern.verify.fuzz;

import io.github.postern.ws.core.handshake.Extension;
import java.util.List;

/** What two ends may have agreed on: nothing, or permessage-deflate in several ways (RFC 7692 §7.1). */
enum Compression {
    NONE,
    FORGETFUL("server_no_context_takeover", "client_no_context_takeover"),
    REMEMBERING(""),
    SMALL_WINDOWS("server_max_window_bits=8", "client_max_window_bits=9"),
    MIXED("client_no_context_takeover", "server_max_window_bits=10");

    private final List<Extension> extensions;

    Compression(String... parameters) {
        this.extensions = parameters.length == 0
                ? List.of()
                : Extension.parse(List.of("permessage-deflate" + semicolons(parameters)))
                        .orElseThrow();
    }

    private static String semicolons(String... parameters) {
        var joined = String.join("; ", parameters);
        return joined.isEmpty() ? joined : "; " + joined;
    }

    List<Extension> extensions() {
        return extensions;
    }
}
