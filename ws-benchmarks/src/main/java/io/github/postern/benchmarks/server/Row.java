package io.github.postern.benchmarks.server;

import java.util.Locale;

/** What is measured, in the order of the tables. */
enum Row {
    ECHO_1("echo 64 B, depth 1, 1 connection", Kind.ECHO, Content.BINARY, 64, 1, 1),
    ECHO_100("echo 64 B, depth 1, 100 connections", Kind.ECHO, Content.BINARY, 64, 1, 100),
    PIPELINED("echo 64 B, depth 16, 100 connections", Kind.ECHO, Content.BINARY, 64, 16, 100),
    BINARY_1K("echo 1 KiB, depth 16, 100 connections", Kind.ECHO, Content.BINARY, 1024, 16, 100),
    BINARY_64K("echo 64 KiB, depth 4, 16 connections", Kind.ECHO, Content.BINARY, 64 * 1024, 4, 16),
    BINARY_1M("echo 1 MiB, depth 1, 4 connections", Kind.ECHO, Content.BINARY, 1024 * 1024, 1, 4),
    ECHO_1000("echo 128 B, depth 1, 1,000 connections", Kind.ECHO, Content.BINARY, 128, 1, 1000),
    TEXT("echo of text beyond ASCII, 1 KiB, depth 16, 100 connections", Kind.ECHO, Content.TEXT, 1024, 16, 100),
    DEFLATE("echo of compressed text, 1 KiB, depth 16, 100 connections", Kind.ECHO, Content.DEFLATED, 1024, 16, 100),
    BROADCAST("broadcast 128 B to 1,000 connections, per delivery", Kind.BROADCAST, Content.BINARY, News.SIZE, 1, 1000),
    HANDSHAKE("connect, upgrade and close, 16 at a time", Kind.HANDSHAKE, Content.BINARY, 0, 1, 16),
    IDLE("10,000 idle connections", Kind.IDLE, Content.BINARY, 40, 1, 10_000),
    IDLE_TLS("10,000 idle connections with TLS", Kind.IDLE, Content.BINARY, 8000, 1, 10_000);

    enum Kind {
        ECHO,
        BROADCAST,
        HANDSHAKE,
        IDLE
    }

    enum Content {
        BINARY,
        TEXT,
        DEFLATED
    }

    private final String title;
    private final Kind kind;
    private final Content content;
    private final int size;
    private final int depth;
    private final int connections;

    Row(String title, Kind kind, Content content, int size, int depth, int connections) {
        this.title = title;
        this.kind = kind;
        this.content = content;
        this.size = size;
        this.depth = depth;
        this.connections = connections;
    }

    String title() {
        return title;
    }

    Kind kind() {
        return kind;
    }

    Content content() {
        return content;
    }

    /** Of a message, in bytes, before it is compressed. */
    int size() {
        return size;
    }

    /** How many messages of a connection are on their way at once. */
    int depth() {
        return depth;
    }

    int connections() {
        return connections;
    }

    boolean isDeflated() {
        return content == Content.DEFLATED;
    }

    boolean isTls() {
        return this == IDLE_TLS;
    }

    /** Whether the server may be the best peer: nobody serves with the bare one, and in the row of text only one that validates it counts. */
    boolean compares(Peer peer) {
        return peer != Peer.BARE && (content != Content.TEXT || peer.isValidating());
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
