package io.github.postern.ws.core.handshake;

import static io.github.postern.ws.core.handshake.DeflateParameters.CLIENT_MAX_WINDOW_BITS;
import static io.github.postern.ws.core.handshake.DeflateParameters.CLIENT_NO_CONTEXT_TAKEOVER;
import static io.github.postern.ws.core.handshake.DeflateParameters.LEAST_BITS;
import static io.github.postern.ws.core.handshake.DeflateParameters.MOST_BITS;
import static io.github.postern.ws.core.handshake.DeflateParameters.SERVER_MAX_WINDOW_BITS;
import static io.github.postern.ws.core.handshake.DeflateParameters.SERVER_NO_CONTEXT_TAKEOVER;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compression of messages (RFC 7692): what one side wants, as a server ({@link ExtensionAcceptor}) or as a client
 * ({@link ExtensionOffer}), and what both agreed on ({@link #agreed}).
 *
 * <p>A compressor remembers earlier messages ("context takeover") unless that is agreed away. It makes similar messages
 * smaller, and costs about 300 KB of native memory for each open connection.
 *
 * <p>A server always keeps to what a client demands of it; beyond that it demands what is set here. A client offers what is
 * set here, and if that includes {@code serverMaxWindowBits}, the same without it as a second choice.
 *
 * <p>Do not put a secret into the same message, or with context takeover on the same connection, as text that an attacker
 * chooses: the size of what is sent then tells about the secret (RFC 7692 §8).
 *
 * @param serverNoContextTakeover whether the server forgets each message when it has compressed it (§7.1.1.1)
 * @param clientNoContextTakeover whether the client forgets each message when it has compressed it (§7.1.1.2)
 * @param serverMaxWindowBits how far back the server's compressor may refer, as a power of two of bytes, 8 to 15 (§7.1.2.1). Less
 *     than 15 costs size and saves memory at the client's end only
 * @param clientMaxWindowBits how far back the client's compressor may refer, as a power of two of bytes, 8 to 15 (§7.1.2.2). A
 *     server can demand less than 15 only of clients that offer to obey
 */
public record PerMessageDeflate(
        boolean serverNoContextTakeover,
        boolean clientNoContextTakeover,
        int serverMaxWindowBits,
        int clientMaxWindowBits)
        implements ExtensionAcceptor, ExtensionOffer {
    /** The registered name of the extension. */
    public static final String NAME = "permessage-deflate";

    private static final PerMessageDeflate DEFAULTS = new PerMessageDeflate(true, true, MOST_BITS, MOST_BITS);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number of bits is not from 8 to 15
     */
    public PerMessageDeflate {
        requireBits("serverMaxWindowBits", serverMaxWindowBits);
        requireBits("clientMaxWindowBits", clientMaxWindowBits);
    }

    private static void requireBits(String name, int bits) {
        if (bits < LEAST_BITS || bits > MOST_BITS) {
            throw new IllegalArgumentException(name + " outside 8 to 15: " + bits);
        }
    }

    /** {@return no context takeover on either side, so that an idle connection holds no compressor; windows of 15 bits} */
    public static PerMessageDeflate defaults() {
        return DEFAULTS;
    }

    /**
     * {@return what an answer says that was accepted before: by {@link #objection} at the client, by being the own one at the server}
     *
     * @param answer the server's answer
     * @throws IllegalArgumentException if it is not a sound answer of this extension
     */
    public static PerMessageDeflate agreed(Extension answer) {
        var parameters = DeflateParameters.ofAnswer(answer);
        if (!answer.name().equals(NAME) || parameters.fault() != null) {
            throw new IllegalArgumentException("not an answer of permessage-deflate: " + answer);
        }
        return new PerMessageDeflate(
                parameters.serverNoContextTakeover(),
                parameters.clientNoContextTakeover(),
                parameters.serverMaxWindowBits(),
                parameters.clientMaxWindowBits());
    }

    /**
     * {@return this with another {@link #serverNoContextTakeover}}
     *
     * @param value the new value
     */
    public PerMessageDeflate withServerNoContextTakeover(boolean value) {
        return new PerMessageDeflate(value, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits);
    }

    /**
     * {@return this with another {@link #clientNoContextTakeover}}
     *
     * @param value the new value
     */
    public PerMessageDeflate withClientNoContextTakeover(boolean value) {
        return new PerMessageDeflate(serverNoContextTakeover, value, serverMaxWindowBits, clientMaxWindowBits);
    }

    /**
     * {@return this with another {@link #serverMaxWindowBits}}
     *
     * @param bits the new value, of the unit and range of {@link #serverMaxWindowBits}
     * @throws IllegalArgumentException if it is out of range
     */
    public PerMessageDeflate withServerMaxWindowBits(int bits) {
        return new PerMessageDeflate(serverNoContextTakeover, clientNoContextTakeover, bits, clientMaxWindowBits);
    }

    /**
     * {@return this with another {@link #clientMaxWindowBits}}
     *
     * @param bits the new value, of the unit and range of {@link #clientMaxWindowBits}
     * @throws IllegalArgumentException if it is out of range
     */
    public PerMessageDeflate withClientMaxWindowBits(int bits) {
        return new PerMessageDeflate(serverNoContextTakeover, clientNoContextTakeover, serverMaxWindowBits, bits);
    }

    /** Declines what is not this extension, and offers with an unknown, repeated or invalid parameter (§5.1, §7.1). */
    @Override
    public Optional<Extension> accept(Extension offer) {
        var asked = DeflateParameters.ofOffer(offer);
        if (!offer.name().equals(NAME) || asked.fault() != null) {
            return Optional.empty();
        }
        var clientBits = asked.hasClientMaxWindowBits()
                ? Math.min(asked.clientMaxWindowBits(), clientMaxWindowBits)
                : MOST_BITS; // §7.1.2.2: without the client's word it must not be answered
        var answer = new PerMessageDeflate(
                serverNoContextTakeover || asked.serverNoContextTakeover(),
                clientNoContextTakeover || asked.clientNoContextTakeover(),
                Math.min(serverMaxWindowBits, asked.serverMaxWindowBits()),
                clientBits);
        return Optional.of(answer.element(asked.hasServerMaxWindowBits()));
    }

    /** One element, or two if the first makes a demand on the server's window. */
    @Override
    public List<Extension> alternatives() {
        var first = offer();
        return serverMaxWindowBits == MOST_BITS
                ? List.of(first)
                : List.of(first, withServerMaxWindowBits(MOST_BITS).offer());
    }

    /** Objects to parameters that are unknown, repeated, invalid or larger than what was offered (§7.1). */
    @Override
    public Optional<String> objection(Extension answer) {
        var parameters = DeflateParameters.ofAnswer(answer);
        if (parameters.fault() != null) {
            return Optional.of(parameters.fault());
        }
        if (parameters.hasServerMaxWindowBits() && parameters.serverMaxWindowBits() > serverMaxWindowBits) {
            return Optional.of("server window larger than offered: " + parameters.serverMaxWindowBits());
        }
        if (parameters.hasClientMaxWindowBits() && parameters.clientMaxWindowBits() > clientMaxWindowBits) {
            return Optional.of("client window larger than offered: " + parameters.clientMaxWindowBits());
        }
        return Optional.empty();
    }

    /**
     * The answer, with what this client said of its own compressor: that it takes over no context and keeps to a window holds
     * even if the server does not repeat it (§7.1.1.2, §7.1.2.2).
     */
    @Override
    public Extension agreement(Extension answer) {
        var answered = agreed(answer);
        return answered.withClientNoContextTakeover(clientNoContextTakeover || answered.clientNoContextTakeover)
                .withClientMaxWindowBits(Math.min(clientMaxWindowBits, answered.clientMaxWindowBits))
                .element(false);
    }

    /** A client always says that it would obey {@code client_max_window_bits}. */
    private Extension offer() {
        var element = element(false);
        if (clientMaxWindowBits < MOST_BITS) {
            return element;
        }
        var parameters = new ArrayList<>(element.parameters());
        parameters.add(Extension.Parameter.of(CLIENT_MAX_WINDOW_BITS));
        return new Extension(NAME, parameters);
    }

    /**
     * @param namesServerWindow whether to name the server's window even if it is whole: a server accepts that parameter by
     *     repeating it (§7.1.2.1)
     */
    private Extension element(boolean namesServerWindow) {
        var parameters = new ArrayList<Extension.Parameter>();
        if (serverNoContextTakeover) {
            parameters.add(Extension.Parameter.of(SERVER_NO_CONTEXT_TAKEOVER));
        }
        if (clientNoContextTakeover) {
            parameters.add(Extension.Parameter.of(CLIENT_NO_CONTEXT_TAKEOVER));
        }
        if (namesServerWindow || serverMaxWindowBits < MOST_BITS) {
            parameters.add(new Extension.Parameter(SERVER_MAX_WINDOW_BITS, Integer.toString(serverMaxWindowBits)));
        }
        if (clientMaxWindowBits < MOST_BITS) {
            parameters.add(new Extension.Parameter(CLIENT_MAX_WINDOW_BITS, Integer.toString(clientMaxWindowBits)));
        }
        return new Extension(NAME, parameters);
    }
}
