package io.github.postern.push;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What push sessions have done so far, for a monitoring system to poll. All but {@code attached} and {@code away} only grow.
 *
 * @param opened how many sessions were opened
 * @param attached how many of those that have not ended are carried by something now
 * @param away how many of them wait for their client to come back; one that polls is away between two polls
 * @param ended how many have ended, by close code
 * @param transports what each transport has carried
 */
public record PushMetrics(
        long opened, int attached, int away, Map<Integer, Long> ended, Map<PushTransport, Carried> transports) {

    /** Copies the maps. */
    public PushMetrics {
        ended = Map.copyOf(ended);
        transports = Map.copyOf(transports);
    }

    /**
     * What one transport has carried. Bytes are those of messages, in UTF-8 or binary data.
     *
     * @param attachments how often it began to carry a session; polls count once for each series
     * @param messagesSent messages written to clients, those that were written again included
     * @param messagesReceived messages taken in from clients
     * @param bytesSent bytes of messages written to clients
     * @param bytesReceived bytes of messages taken in from clients
     * @param replayed messages that had been written before, to an attachment that was lost
     * @param acknowledgements how often a client acknowledged something new
     */
    public record Carried(
            long attachments,
            long messagesSent,
            long messagesReceived,
            long bytesSent,
            long bytesReceived,
            long replayed,
            long acknowledgements) {
        private static final Carried NOTHING = new Carried(0, 0, 0, 0, 0, 0, 0);

        Carried plus(Carried other) {
            return new Carried(
                    attachments + other.attachments,
                    messagesSent + other.messagesSent,
                    messagesReceived + other.messagesReceived,
                    bytesSent + other.bytesSent,
                    bytesReceived + other.bytesReceived,
                    replayed + other.replayed,
                    acknowledgements + other.acknowledgements);
        }
    }

    /**
     * {@return what one transport has carried}
     *
     * @param transport the transport that is asked about
     */
    public Carried carriedBy(PushTransport transport) {
        return transports.getOrDefault(transport, Carried.NOTHING);
    }

    /** The sum of those of several endpoints. */
    static PushMetrics sum(Collection<PushMetrics> all) {
        long opened = 0;
        int attached = 0;
        int away = 0;
        var ended = new HashMap<Integer, Long>();
        var transports = new EnumMap<PushTransport, Carried>(PushTransport.class);
        for (var one : List.copyOf(all)) {
            opened += one.opened;
            attached += one.attached;
            away += one.away;
            one.ended.forEach((code, count) -> ended.merge(code, count, Long::sum));
            one.transports.forEach((transport, carried) -> transports.merge(transport, carried, Carried::plus));
        }
        return new PushMetrics(opened, attached, away, ended, transports);
    }
}
