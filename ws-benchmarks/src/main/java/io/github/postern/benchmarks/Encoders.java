package io.github.postern.benchmarks;

import io.github.postern.ws.core.Outbound;
import io.github.postern.ws.core.Role;

/** The implementations compared, by the name that the parameter of a benchmark has. */
final class Encoders {
    private Encoders() {}

    /**
     * @param client whether to mask; all but Tomcat and Java-WebSocket, which cannot, use the same key for every frame
     * @param maxSize of the payload, in bytes
     */
    static Encoder named(String name, boolean client, int maxSize) throws Exception {
        return switch (name) {
            case "floor" -> new FloorEncoder(client, maxSize);
            case "postern" ->
                new PosternEncoder(new Outbound(client ? Role.CLIENT : Role.SERVER, () -> Frames.MASKING_KEY), maxSize);
            case "netty" -> new NettyEncoder(client);
            case "jetty" -> new JettyEncoder(client, maxSize);
            case "tomcat" -> new TomcatEncoder(client, maxSize, null);
            case "java-websocket" ->
                new JavaWebSocketEncoder(client ? JavaWebSocketDraft.client() : JavaWebSocketDraft.server());
            default -> throw new IllegalArgumentException("no such encoder: " + name);
        };
    }

    /** The same with permessage-deflate, as a server. */
    static Encoder deflating(String name, boolean contextTakeover) throws Exception {
        return switch (name) {
            case "floor" -> new FloorDeflater(contextTakeover);
            case "postern" ->
                new PosternEncoder(
                        new Outbound(Role.SERVER, () -> 0, Agreement.extensions(contextTakeover), Agreement.OPTIONS),
                        DeflatedFrames.TEXT_SIZE);
            case "netty" -> new NettyDeflater(contextTakeover);
            case "jetty" -> new JettyDeflater(contextTakeover);
            case "tomcat" -> new TomcatEncoder(false, DeflatedFrames.TEXT_SIZE, TomcatSession.deflate(contextTakeover));
            case "java-websocket" -> new JavaWebSocketEncoder(JavaWebSocketDraft.deflating(contextTakeover));
            default -> throw new IllegalArgumentException("no such encoder: " + name);
        };
    }
}
