package io.github.postern.benchmarks;

import io.github.postern.ws.core.Inbound;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.Role;

/** The implementations compared, by the name that the parameter of a benchmark has. */
final class Decoders {
    private Decoders() {}

    /** @param maxSize of the payload, in bytes */
    static Decoder named(String name, int maxSize) throws Exception {
        return switch (name) {
            case "floor" -> new FloorDecoder();
            case "postern" -> new PosternDecoder(new Inbound(Role.SERVER, Limits.defaults()), false);
            case "postern-parts" -> new PosternDecoder(new Inbound(Role.SERVER, Limits.defaults()), true);
            case "netty" -> new NettyDecoder(maxSize);
            case "jetty" -> new JettyDecoder(maxSize, true);
            case "jetty-heap" -> new JettyDecoder(maxSize, false);
            case "tomcat" -> new TomcatDecoder(maxSize, null);
            case "java-websocket" -> new JavaWebSocketDecoder(JavaWebSocketDraft.server());
            default -> throw new IllegalArgumentException("no such decoder: " + name);
        };
    }

    /** The same with permessage-deflate; frames have to be those of {@link DeflatedFrames}. */
    static Decoder inflating(String name, boolean contextTakeover) throws Exception {
        var maxSize = DeflatedFrames.TEXT_SIZE;
        return switch (name) {
            case "floor" -> new FloorInflater(contextTakeover);
            case "postern" ->
                new PosternDecoder(
                        new Inbound(
                                Role.SERVER,
                                Limits.defaults(),
                                Agreement.extensions(contextTakeover),
                                Agreement.OPTIONS),
                        false);
            case "netty" -> new NettyInflater(contextTakeover);
            case "jetty" -> new JettyInflater(contextTakeover);
            case "tomcat" -> new TomcatDecoder(maxSize, TomcatSession.deflate(contextTakeover));
            case "java-websocket" -> new JavaWebSocketDecoder(JavaWebSocketDraft.deflating(contextTakeover));
            default -> throw new IllegalArgumentException("no such decoder: " + name);
        };
    }
}
