package io.github.postern.verify.fuzz;

import io.github.postern.ws.core.handshake.Extension;
import java.util.List;

/** What two ends may have agreed on: nothing, or permessage-deflate in several ways (RFC 7692 §7.1). */
enum Compression {
    NONE(""),
    FORGETFUL("permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
    REMEMBERING("permessage-deflate"),
    SMALL_WINDOWS("permessage-deflate; server_max_window_bits=8; client_max_window_bits=9"),
    MIXED("permessage-deflate; client_no_context_takeover; server_max_window_bits=10");

    private final String header;

    Compression(String header) {
        this.header = header;
    }

    List<Extension> extensions() {
        return Extension.parse(header.isEmpty() ? List.of() : List.of(header)).orElseThrow();
    }
}
