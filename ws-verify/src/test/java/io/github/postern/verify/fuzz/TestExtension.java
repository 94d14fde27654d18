package io.github.postern.verify.fuzz;

import io.github.postern.ws.core.handshake.Extension;
import io.github.postern.ws.core.handshake.ExtensionAcceptor;
import io.github.postern.ws.core.handshake.ExtensionOffer;
import java.util.List;
import java.util.Optional;

/** An extension of both sides that has no parameters, or one: {@code bits} from 8 to 15. */
final class TestExtension implements ExtensionOffer, ExtensionAcceptor {
    static final String NAME = "x-test";

    private static final Extension PLAIN = Extension.of(NAME);

    @Override
    public List<Extension> alternatives() {
        return List.of(Extension.of(NAME, new Extension.Parameter("bits", "15")), PLAIN);
    }

    @Override
    public Optional<Extension> accept(Extension offer) {
        return isKnown(offer) ? Optional.of(offer) : Optional.empty();
    }

    @Override
    public Optional<String> objection(Extension answer) {
        return isKnown(answer) ? Optional.empty() : Optional.of("unknown parameters");
    }

    static boolean isKnown(Extension extension) {
        var parameters = extension.parameters();
        return extension.name().equals(NAME)
                && (parameters.isEmpty()
                        || parameters.size() == 1
                                && parameters.getFirst().toString().matches("bits=([89]|1[0-5])"));
    }
}
