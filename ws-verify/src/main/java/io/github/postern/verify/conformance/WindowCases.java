package io.github.postern.verify.conformance;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** What was agreed on window and context is kept on the wire (RFC 7692 §7.1.1, §7.1.2). The inflater of the peer sees to it. */
final class WindowCases {
    private WindowCases() {}

    static List<Case<ServerTarget>> server() {
        var cases = CaseList.<ServerTarget>rfc7692();
        for (int bits = 8; bits <= 15; bits++) {
            int window = bits;
            cases.add(
                    "7.1.2.1-server-window-" + window,
                    "A server that accepts server_max_window_bits=" + window + " obeys it.",
                    server -> {
                        tempt(server.openDeflate("permessage-deflate; server_max_window_bits=" + window), window);
                    });
            cases.add(
                    "7.1.2.2-client-window-" + window,
                    "A server copes with a client of client_max_window_bits=" + window + ".",
                    server -> {
                        tempt(server.openDeflate("permessage-deflate; client_max_window_bits=" + window), window);
                    });
        }
        contexts(cases);
        offers(cases);
        return cases.toList();
    }

    private static void contexts(CaseList<ServerTarget> cases) {
        cases.add(
                "7.1.1.1-server-forgets",
                "A server that accepts server_no_context_takeover forgets each message.",
                server -> {
                    repeat(server.openDeflate("permessage-deflate; server_no_context_takeover"));
                });
        cases.add("7.1.1.2-client-forgets", "A server copes with a client that forgets each message.", server -> {
            repeat(server.openDeflate("permessage-deflate; client_no_context_takeover"));
        });
        cases.add("7.1.1-both-forget", "Both may forget each message.", server -> {
            repeat(server.openDeflate("permessage-deflate; server_no_context_takeover; client_no_context_takeover"));
        });
        cases.advise(
                "7.1.1-context-used", "Without a word about it a server may use the context, and does.", server -> {
                    var peer = server.openDeflate();
                    if (peer.deflate().serverNoContextTakeover()) {
                        throw Finding.notApplicable("the server insists on no context takeover");
                    }
                    requireContextUsed(peer);
                });
    }

    private static void offers(CaseList<ServerTarget> cases) {
        for (var parameters : List.of(
                "client_no_context_takeover",
                "server_no_context_takeover",
                "server_no_context_takeover; client_no_context_takeover",
                "client_max_window_bits",
                "server_max_window_bits=9; client_max_window_bits=9",
                "server_max_window_bits=12; server_no_context_takeover",
                "server_max_window_bits=9, permessage-deflate; client_no_context_takeover, permessage-deflate")) {
            var name = DeflateOfferCases.shortName(parameters);
            cases.add(
                    "7.1-sizes-" + name,
                    "Messages of many sizes arrive after this offer: " + parameters + ".",
                    server -> {
                        var peer = server.openDeflate(Extension.DEFLATE + "; " + parameters);
                        for (int size = 1; size <= 65_536; size *= 4) {
                            peer.echoCompressed(Frame.text(DeflateCases.words(size, size)));
                            peer.echoCompressed(Frame.binary(FramingCases.binary(size)));
                            peer.echo(Frame.binary(new byte[size]));
                        }
                    });
        }
    }

    static List<Case<ClientTarget>> client() {
        var cases = CaseList.<ClientTarget>rfc7692();
        for (int bits = 8; bits <= 15; bits++) {
            int window = bits;
            cases.add(
                    "7.1.2.2-client-window-" + window,
                    "A client that offered client_max_window_bits obeys " + window + ".",
                    client -> {
                        requireOffered(client, window);
                        tempt(client.openDeflate("; client_max_window_bits=" + window), window);
                    });
            cases.add(
                    "7.1.2.1-server-window-" + window,
                    "A client copes with a server of server_max_window_bits=" + window + ".",
                    client -> {
                        if (client.offer().has(DeflateAgreement.SERVER_MAX_WINDOW_BITS)) {
                            throw Finding.notApplicable("the client offers a window of its own");
                        }
                        tempt(client.openDeflate("; server_max_window_bits=" + window), window);
                    });
        }
        cases.add(
                "7.1.1.2-client-forgets",
                "A client forgets each message when client_no_context_takeover is answered.",
                client -> {
                    repeat(client.openDeflate("; client_no_context_takeover"));
                });
        cases.add("7.1.1.1-server-forgets", "A client copes with a server that forgets each message.", client -> {
            boolean demanded = client.offer().has(DeflateAgreement.SERVER_NO_CONTEXT_TAKEOVER);
            repeat(client.openDeflate(demanded ? "" : "; server_no_context_takeover"));
        });
        return cases.toList();
    }

    private static void requireOffered(ClientTarget client, int window) throws Finding {
        var offer = client.offer();
        if (!offer.has(DeflateAgreement.CLIENT_MAX_WINDOW_BITS)) {
            throw Finding.notApplicable("the client does not offer client_max_window_bits");
        }
        if (DeflateAgreement.bits(offer, DeflateAgreement.CLIENT_MAX_WINDOW_BITS) < window) {
            throw Finding.notApplicable("the client offers a smaller window");
        }
    }

    /** Has messages compressed that repeat themselves just beyond the window, within a message and from one to the next. */
    private static void tempt(Peer peer, int windowBits) throws Finding, IOException {
        var once = FramingCases.binary((1 << windowBits) + 40);
        var twice = Arrays.copyOf(once, 2 * once.length);
        System.arraycopy(once, 0, twice, once.length, once.length);
        boolean compressed = false;
        for (int i = 0; i < 2; i++) {
            compressed |= peer.echoCompressed(Frame.binary(twice)).rsv() != 0;
            compressed |= peer.echoCompressed(Frame.binary(once)).rsv() != 0;
            compressed |= peer.echoCompressed(Frame.text(DeflateCases.words(3 << windowBits, i)))
                            .rsv()
                    != 0;
        }
        requireCompressed(compressed);
    }

    private static void repeat(Peer peer) throws Finding {
        boolean compressed = false;
        for (int i = 0; i < 3; i++) {
            compressed |=
                    peer.echoCompressed(Frame.text(DeflateCases.words(2000, 1))).rsv() != 0;
        }
        requireCompressed(compressed);
    }

    private static void requireContextUsed(Peer peer) throws Finding {
        var message = Frame.binary(FramingCases.binary(2000));
        boolean compressed = false;
        for (int i = 0; i < 3; i++) {
            compressed |= peer.echoCompressed(message).rsv() != 0;
        }
        requireCompressed(compressed);
        int distance = peer.inflater().longestDistance();
        Handshake.require(distance >= 2000, "references to the message before", "none farther than " + distance);
    }

    private static void requireCompressed(boolean compressed) throws Finding {
        if (!compressed) {
            throw Finding.notApplicable("the answers were not compressed");
        }
    }
}
