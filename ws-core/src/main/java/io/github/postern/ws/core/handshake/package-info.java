/**
 * The opening handshake of RFC 6455 §4, without I/O: HTTP head bytes to requests and responses, and both sides' checks.
 *
 * <p>A <em>head</em> is the start line and header fields of one HTTP/1.1 message (RFC 9112). An <em>offer</em> is one
 * extension element of the client's request, an <em>answer</em> one element of the server's response (RFC 6455 §9.1).
 *
 * <p>Server: bytes → {@link io.github.postern.ws.core.handshake.HttpHeadDecoder} →
 * {@link io.github.postern.ws.core.handshake.HandshakeRequest} →
 * {@link io.github.postern.ws.core.handshake.ServerHandshake} →
 * {@link io.github.postern.ws.core.handshake.HandshakeResult} → bytes of its response.
 *
 * <p>Client: {@link io.github.postern.ws.core.handshake.ClientHandshake} → bytes of its request; bytes →
 * {@code HttpHeadDecoder} → {@link io.github.postern.ws.core.handshake.HandshakeResponse} → {@code ClientHandshake} →
 * {@code HandshakeResult}.
 *
 * <p>What the peer did wrong is data ({@link io.github.postern.ws.core.handshake.Head.Malformed},
 * {@link io.github.postern.ws.core.handshake.HandshakeResult.Rejected}), never an exception; what the caller did wrong is
 * an {@link java.lang.IllegalArgumentException}. Nothing that contains CR, LF or NUL can be put into a head.
 *
 * <p>Every type but the decoder is immutable and may be shared between threads. The package knows nothing of frames, and
 * negotiation does not depend on the HTTP/1.1 part, so that RFC 8441 (WebSocket over HTTP/2) can use it.
 */
package io.github.postern.ws.core.handshake;
