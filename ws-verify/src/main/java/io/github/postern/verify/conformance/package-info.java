/**
 * A black-box conformance suite for WebSocket implementations (RFC 6455, RFC 7692), which uses none of Postern's modules.
 *
 * <p>A {@link io.github.postern.verify.conformance.Case} is one rule and a way to see whether it is kept. It runs against a
 * {@link io.github.postern.verify.conformance.Target}: a server that sends every message back, or one visit of a client that does.
 * {@link io.github.postern.verify.conformance.Suite} knows all cases, {@link io.github.postern.verify.conformance.Peer} is the open
 * connection they talk through, {@link io.github.postern.verify.conformance.Main} the command line.
 */
@NullMarked
package io.github.postern.verify.conformance;

import org.jspecify.annotations.NullMarked;
