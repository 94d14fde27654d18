package io.github.postern.ws.server;

import org.jspecify.annotations.Nullable;

/** What all connections of one server share. */
record ServerContext(
        @Nullable Tls tls,
        Reception reception,
        ServerOptions options,
        Admission admission,
        ConnectionRegistry registry,
        ServerEvents events) {}
