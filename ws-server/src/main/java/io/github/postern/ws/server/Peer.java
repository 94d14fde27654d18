package io.github.postern.ws.server;

import java.net.InetSocketAddress;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** What a connection tells of the other side before its first request. */
record Peer(
        InetSocketAddress address, boolean secure, @Nullable Principal principal) {}
