package io.github.postern.benchmarks.fanout;

import java.util.Locale;

/** The servers and how one subscribes to them, in the order of the tables. */
enum Peer {
    /** With the protocol of Postern, which numbers and acknowledges. */
    POSTERN,
    /** The same server as a plain WebSocket or {@code EventSource} sees it. */
    POSTERN_BARE,
    JETTY,
    /** Jetty's WebSocket under an application that keeps what is not acknowledged. */
    JETTY_ACKNOWLEDGED,
    COMETD,
    ATMOSPHERE,
    /** A write for each delivery and nothing else. */
    BARE_SOCKETS;

    boolean isOwn() {
        return this == POSTERN || this == POSTERN_BARE;
    }

    /** Whether it is somebody else's server, to be compared with. */
    boolean isRival() {
        return !isOwn() && this != BARE_SOCKETS;
    }

    Publisher publisher() {
        return switch (this) {
            case POSTERN, POSTERN_BARE -> new PosternTopic();
            case JETTY -> new JettySubscribers();
            case JETTY_ACKNOWLEDGED -> new JettyAcknowledged();
            case COMETD -> new CometdChannel();
            case ATMOSPHERE -> new AtmosphereBroadcaster();
            case BARE_SOCKETS -> new BareSockets();
        };
    }

    /** Whether it has that, and the benchmark a client for it. */
    boolean speaks(Over over) {
        return switch (this) {
            case POSTERN, JETTY_ACKNOWLEDGED, COMETD -> over == Over.WEBSOCKET;
            case POSTERN_BARE, JETTY -> true;
            case ATMOSPHERE, BARE_SOCKETS -> over == Over.SSE;
        };
    }

    /** What one subscriber says, if the server speaks that. */
    Subscription subscription(Over over) {
        return switch (this) {
            case POSTERN -> new PosternSubscription();
            case POSTERN_BARE ->
                over == Over.SSE ? new EventStream(PosternTopic.PATH) : new PlainWebSocket(PosternTopic.PATH);
            case JETTY ->
                over == Over.SSE
                        ? new EventStream(JettySubscribers.EVENTS)
                        : new PlainWebSocket(JettySubscribers.WEBSOCKET);
            case JETTY_ACKNOWLEDGED -> new JettyAcknowledged.Subscribed();
            case COMETD -> new CometdSubscription();
            case ATMOSPHERE -> AtmosphereBroadcaster.eventStream();
            case BARE_SOCKETS -> new EventStream(BareSockets.PATH);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
