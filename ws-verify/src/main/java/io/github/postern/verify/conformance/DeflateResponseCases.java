package io.github.postern.verify.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a client does with a server's answer to its offer of permessage-deflate (RFC 7692 §7.1). */
final class DeflateResponseCases {
    private static final Frame HELLO = Frame.text("Hello, hello, hello, hello");

    private DeflateResponseCases() {}

    static List<Case<ClientTarget>> list() {
        var cases = CaseList.<ClientTarget>rfc7692();
        for (var parameters : invalidParameters()) {
            var name = DeflateOfferCases.shortName(parameters);
            cases.add(
                    "7.1-refuses-" + name,
                    "An invalid answer fails the connection: permessage-deflate" + parameters + ".",
                    client -> {
                        var answer = Extension.DEFLATE + parameters;
                        client.expectRefusal(client.response().with(Handshake.EXTENSIONS, answer));
                    });
        }
        unoffered(cases);
        unofferedOfServer(cases);
        valid(cases);
        return cases.toList();
    }

    private static List<String> invalidParameters() {
        var parameters = new ArrayList<>(List.of("; unknown", "; unknown=1"));
        for (var side : List.of("server", "client")) {
            for (var value : List.of("7", "16", "0", "08", "015", "a")) {
                parameters.add("; " + side + "_max_window_bits=" + value);
            }
            parameters.add("; " + side + "_max_window_bits");
            parameters.add("; " + side + "_max_window_bits=15; " + side + "_max_window_bits=15");
            parameters.add("; " + side + "_no_context_takeover=1");
            parameters.add("; " + side + "_no_context_takeover; " + side + "_no_context_takeover");
        }
        parameters.add(", permessage-deflate");
        return parameters;
    }

    private static void unoffered(CaseList<ClientTarget> cases) {
        cases.add("7.1-refuses-not-offered", "An answer to no offer fails the connection.", client -> {
            var offers = Extension.parse(client.request().all(Handshake.EXTENSIONS));
            if (offers.stream().anyMatch(offer -> offer.name().equals(Extension.DEFLATE))) {
                throw Finding.notApplicable("the client offers permessage-deflate");
            }
            client.expectRefusal(client.response().with(Handshake.EXTENSIONS, Extension.DEFLATE));
        });
        cases.add(
                "7.1.2.2-refuses-client-window",
                "An answer has client_max_window_bits only if that was offered.",
                client -> {
                    if (client.offer().has(DeflateAgreement.CLIENT_MAX_WINDOW_BITS)) {
                        throw Finding.notApplicable("the client offers client_max_window_bits");
                    }
                    refuse(client, "; client_max_window_bits=15");
                });
        cases.add(
                "7.1.2.2-refuses-larger-client-window",
                "An answer has no larger client_max_window_bits than was offered.",
                client -> {
                    int offered = DeflateAgreement.bits(client.offer(), DeflateAgreement.CLIENT_MAX_WINDOW_BITS);
                    if (offered == 15) {
                        throw Finding.notApplicable("the client offers no client_max_window_bits below 15");
                    }
                    refuse(client, "; client_max_window_bits=" + (offered + 1));
                });
    }

    private static void unofferedOfServer(CaseList<ClientTarget> cases) {
        cases.add(
                "7.1.2.1-refuses-larger-server-window",
                "An answer has no larger server_max_window_bits than was offered.",
                client -> {
                    int offered = DeflateAgreement.bits(client.offer(), DeflateAgreement.SERVER_MAX_WINDOW_BITS);
                    if (offered == 15) {
                        throw Finding.notApplicable("the client offers no server_max_window_bits below 15");
                    }
                    client.expectRefusal(client.response()
                            .with(
                                    Handshake.EXTENSIONS,
                                    Extension.DEFLATE + "; server_max_window_bits=" + (offered + 1)));
                });
    }

    private static void refuse(ClientTarget client, String parameters) throws Finding, IOException {
        var answer = ClientTarget.demanded(client.offer()) + parameters;
        client.expectRefusal(client.response().with(Handshake.EXTENSIONS, answer));
    }

    private static void valid(CaseList<ClientTarget> cases) {
        cases.add(
                "7.1-accepts-plain",
                "The plain answer is accepted.",
                client -> client.openDeflate().echoCompressed(HELLO));
        cases.add("7.1-accepts-nothing", "That the server declines is accepted.", client -> {
            client.offer();
            client.open().echo(HELLO);
        });
        for (var parameter : List.of(
                "; client_no_context_takeover", "; server_no_context_takeover", "; server_max_window_bits=\"12\"")) {
            cases.add(
                    "7.1-accepts-" + DeflateOfferCases.shortName(parameter),
                    "An answer may say: " + parameter.substring(2) + ".",
                    client -> {
                        var name = parameter.substring(2).replaceFirst("=.*", "");
                        if (client.offer().has(name) && !name.startsWith("client")) {
                            throw Finding.notApplicable("the client offers " + name + " itself");
                        }
                        var peer = client.openDeflate(parameter);
                        peer.echoCompressed(HELLO);
                        peer.echoCompressed(HELLO);
                    });
        }
    }
}
