package io.github.postern.verify.conformance;

import static io.github.postern.verify.conformance.Handshake.require;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How a server answers offers of permessage-deflate (RFC 7692 §5, §7.1). */
final class DeflateOfferCases {
    private static final Frame HELLO = Frame.text("Hello, hello, hello, hello");

    private DeflateOfferCases() {}

    static List<Case<ServerTarget>> list() {
        var cases = CaseList.<ServerTarget>rfc7692();
        declined(cases);
        accepted(cases);
        fallbacks(cases);
        return cases.toList();
    }

    private static void declined(CaseList<ServerTarget> cases) {
        for (var parameter : invalidParameters()) {
            var offer = Extension.DEFLATE + "; " + parameter;
            var name = shortName(parameter);
            cases.add("7.1-declines-" + name, "A server declines, and does not fail: " + offer + ".", server -> {
                requireDeflate(server);
                var response = answer(server, offer);
                require(
                        response.all(Handshake.EXTENSIONS).isEmpty(),
                        "no extension",
                        response.all(Handshake.EXTENSIONS));
            });
            cases.add(
                    "5.1-next-after-" + name,
                    "After an offer that it declines a server looks at the next: " + offer + ".",
                    server -> {
                        requireDeflate(server);
                        var offers = offer + ", " + Extension.DEFLATE;
                        var peer = server.openDeflate(offers);
                        require(
                                peer.deflate().clientMaxWindowBits() == 15,
                                "the agreement of the second offer",
                                peer.deflate());
                        peer.echoCompressed(HELLO);
                    });
        }
    }

    /** Parameters as they stand in the name of a case. */
    static String shortName(String parameters) {
        return parameters
                .replace("max_window_bits", "bits")
                .replace("no_context_takeover", "nct")
                .replace("permessage-deflate", "pmd")
                .replaceAll("\\W+", "-")
                .replaceFirst("^-", "")
                .replaceFirst("-$", "");
    }

    private static List<String> invalidParameters() {
        var parameters = new ArrayList<>(List.of("unknown", "unknown=1"));
        for (var side : List.of("server", "client")) {
            var bits = side + "_max_window_bits";
            for (var value : List.of("7", "16", "0", "08", "015", "a", "1e1", "99999999999")) {
                parameters.add(bits + "=" + value);
            }
            parameters.add(bits + "=10; " + bits + "=10");
            parameters.add(bits + "=10; " + bits + "=12");
            var takeover = side + "_no_context_takeover";
            parameters.add(takeover + "=1");
            parameters.add(takeover + "=true");
            parameters.add(takeover + "; " + takeover);
        }
        parameters.add("server_max_window_bits");
        return parameters;
    }

    private static void requireDeflate(ServerTarget server) throws Finding, IOException {
        server.openDeflate();
    }

    /** The response, which has to be a 101, whatever it agrees to. */
    private static Head answer(ServerTarget server, String offer) throws Finding, IOException {
        var request = server.requestOffering(offer);
        var response = server.ask(request);
        require(response.status() == 101, "status 101 without the extension", response.start());
        Handshake.check(response, request);
        return response;
    }

    private static void accepted(CaseList<ServerTarget> cases) {
        for (var parameters : List.of(
                "",
                "; server_no_context_takeover",
                "; client_no_context_takeover",
                "; server_no_context_takeover; client_no_context_takeover",
                "; client_max_window_bits",
                "; client_max_window_bits=8",
                "; client_max_window_bits=9",
                "; client_max_window_bits=15",
                "; client_max_window_bits=\"10\"",
                "; server_max_window_bits=8",
                "; server_max_window_bits=9",
                "; server_max_window_bits=15",
                "; server_max_window_bits=\"10\"",
                "; server_max_window_bits=12; client_max_window_bits=12; server_no_context_takeover")) {
            var name = shortName(parameters);
            cases.add(
                    "7.1-answers-" + (name.isEmpty() ? "plain" : name),
                    "The answer fits the offer: " + Extension.DEFLATE + parameters + ".",
                    server -> {
                        var offer = Extension.DEFLATE + parameters;
                        var response = answer(server, offer);
                        var accepted = Extension.parse(response.all(Handshake.EXTENSIONS));
                        if (accepted.isEmpty()) {
                            throw Finding.notApplicable("the server declines: " + offer);
                        }
                        checkAnswer(accepted, Extension.parse(List.of(offer)).getFirst());
                        var peer = server.openDeflate(offer);
                        for (int i = 0; i < 3; i++) {
                            peer.echoCompressed(HELLO);
                            peer.echoCompressed(Frame.text(DeflateCases.words(5000, 1)));
                        }
                    });
        }
    }

    private static void checkAnswer(List<Extension> answers, Extension offer) throws Finding {
        require(answers.size() == 1, "one extension", answers);
        var answer = answers.getFirst();
        DeflateAgreement.of(answer);
        boolean serverForgets = offer.has(DeflateAgreement.SERVER_NO_CONTEXT_TAKEOVER);
        require(
                !serverForgets || answer.has(DeflateAgreement.SERVER_NO_CONTEXT_TAKEOVER),
                "server_no_context_takeover (§7.1.1.1)",
                answer);
        boolean namesClientBits = answer.has(DeflateAgreement.CLIENT_MAX_WINDOW_BITS);
        require(
                !namesClientBits || offer.has(DeflateAgreement.CLIENT_MAX_WINDOW_BITS),
                "no client_max_window_bits that was not offered (§7.1.2.2)",
                answer);
        int offered = DeflateAgreement.bits(offer, DeflateAgreement.SERVER_MAX_WINDOW_BITS);
        int agreed = DeflateAgreement.bits(answer, DeflateAgreement.SERVER_MAX_WINDOW_BITS);
        require(agreed <= offered, "server_max_window_bits of at most " + offered + " (§7.1.2.1)", answer);
        require(
                !offer.has(DeflateAgreement.SERVER_MAX_WINDOW_BITS)
                        || answer.has(DeflateAgreement.SERVER_MAX_WINDOW_BITS),
                "server_max_window_bits in the answer (§7.1.2.1)",
                answer);
    }

    private static void fallbacks(CaseList<ServerTarget> cases) {
        cases.add("5.1-after-unknown", "An unknown extension does not keep a server from the next.", server -> {
            requireDeflate(server);
            server.openDeflate("x-unknown; a=b, permessage-deflate").echoCompressed(HELLO);
        });
        cases.add("5.1-fields", "Offers may come in several fields.", server -> {
            requireDeflate(server);
            var request = server.requestOffering("x-unknown").with(Handshake.EXTENSIONS, Extension.DEFLATE);
            var response = server.ask(request);
            Handshake.check(response, request);
            var accepted = Extension.parse(response.all(Handshake.EXTENSIONS));
            boolean deflates = accepted.stream().anyMatch(one -> one.name().equals(Extension.DEFLATE));
            require(deflates, Extension.DEFLATE, response.all(Handshake.EXTENSIONS));
        });
        cases.add("5.1-once", "Of two good offers one is accepted.", server -> {
            requireDeflate(server);
            var offers = "permessage-deflate; client_max_window_bits, permessage-deflate";
            var response = answer(server, offers);
            require(
                    Extension.parse(response.all(Handshake.EXTENSIONS)).size() == 1,
                    "one extension",
                    response.fields());
        });
    }
}
