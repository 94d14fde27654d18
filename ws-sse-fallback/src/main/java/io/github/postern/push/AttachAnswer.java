package io.github.postern.push;

/** What a server's {@code attached} means to the client (PROTOCOL.md §5). */
sealed interface AttachAnswer {
    /** The attachment carries the session from now on. */
    record Current() implements AttachAnswer {}

    /** A newer attachment carries it already. */
    record Late() implements AttachAnswer {}

    /** Two attempts have each opened a session, and this is the one too many. */
    record Stray(String secret) implements AttachAnswer {
        /** Without the secret. */
        @Override
        public String toString() {
            return "Stray[]";
        }
    }

    /** No server of the protocol says so. */
    record Fault(String why) implements AttachAnswer {}
}
