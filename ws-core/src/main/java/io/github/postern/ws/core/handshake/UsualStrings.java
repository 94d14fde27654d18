package io.github.postern.ws.core.handshake;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What nearly every handshake says, in one copy: a server keeps the request of each of its connections, and this saves most
 * of the memory that takes.
 */
final class UsualStrings {
    private static final Map<String, String> NAMES = inBothCases(
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

    /** Those whose values many clients share. Not those that hold secrets, which nobody is to keep. */
    private static final Set<String> SHARED = inBothCases(
                    "Accept",
                    "Accept-Encoding",
                    "Accept-Language",
                    "Connection",
                    "Host",
                    "Origin",
                    "Sec-WebSocket-Extensions",
                    "Sec-WebSocket-Protocol",
                    "User-Agent",
                    "X-Forwarded-Host")
            .collect(Collectors.toUnmodifiableSet());

    private static final RecentStrings RECENT = new RecentStrings();

    private UsualStrings() {}

    /** As HTTP/1.1 writes them, and as HTTP/2 does. */
    private static Stream<String> inBothCases(String... names) {
        return Arrays.stream(names).flatMap(name -> Stream.of(name, name.toLowerCase(Locale.ROOT)));
    }

    /** The one copy of a header's name, if it is a usual one. */
    static String name(String name) {
        return NAMES.getOrDefault(name, name);
    }

    /** The one copy of a method, if it is a usual one. */
    static String method(String method) {
        return VALUES.getOrDefault(method, method);
    }

    /** The one copy of a request's target, if it is a usual or a recent one. A query may hold a secret. */
    static String target(String target) {
        return target.indexOf('?') < 0 ? usualOrRecent(target) : target;
    }

    /** The one copy of a header's value, if it is a usual one, or a recent one that is no secret. */
    static String value(String name, String value) {
        return SHARED.contains(name) ? usualOrRecent(value) : VALUES.getOrDefault(value, value);
    }

    private static String usualOrRecent(String value) {
        var usual = VALUES.get(value);
        return usual != null ? usual : RECENT.of(value);
    }
}
