package io.github.postern.ws.core.handshake;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What nearly every handshake says, in one copy: a server keeps the request of each of its connections, and this saves most
 * of the memory that takes.
 */
final class UsualStrings {
    private static final Map<String, String> NAMES = Stream.of(
                    "Accept",
                    "Accept-Encoding",
                    "Accept-Language",
                    "Authorization",
                    "Cache-Control",
                    "Connection",
                    "Cookie",
                    "Forwarded",
                    "Host",
                    "Origin",
                    "Pragma",
                    "Sec-Fetch-Dest",
                    "Sec-Fetch-Mode",
                    "Sec-Fetch-Site",
                    "Sec-WebSocket-Extensions",
                    "Sec-WebSocket-Key",
                    "Sec-WebSocket-Protocol",
                    "Sec-WebSocket-Version",
                    "Upgrade",
                    "User-Agent",
                    "X-Forwarded-For",
                    "X-Forwarded-Host",
                    "X-Forwarded-Proto",
                    "X-Real-IP")
            .flatMap(name -> Stream.of(name, name.toLowerCase(Locale.ROOT)))
            .collect(Collectors.toUnmodifiableMap(Function.identity(), Function.identity()));

    private static final Map<String, String> VALUES = Stream.of(
                    "GET",
                    "/",
                    "*/*",
                    "13",
                    "Upgrade",
                    "upgrade",
                    "keep-alive, Upgrade",
                    "websocket",
                    "WebSocket",
                    "no-cache",
                    "empty",
                    "same-origin",
                    "same-site",
                    "cross-site",
                    "gzip, deflate",
                    "gzip, deflate, br",
                    "gzip, deflate, br, zstd",
                    "permessage-deflate",
                    "permessage-deflate; client_max_window_bits")
            .collect(Collectors.toUnmodifiableMap(Function.identity(), Function.identity()));

    private UsualStrings() {}

    /** The one copy of a header's name, if it is a usual one. */
    static String name(String name) {
        return NAMES.getOrDefault(name, name);
    }

    /** The one copy of a method, target or header's value, if it is a usual one. */
    static String value(String value) {
        return VALUES.getOrDefault(value, value);
    }
}
