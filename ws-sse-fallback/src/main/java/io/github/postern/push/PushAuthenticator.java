package io.github.postern.push;

/**
 * Decides who may use a push endpoint. Asked for every attach and every POST, whatever the transport, and for every token that a client sends to renew its
 * credentials: see PROTOCOL.md §4.
 *
 * {@snippet class="io.github.postern.verify.examples.PushExamplesTest" region="authenticator" :
 * var builder = PushServer.builder()
 *         .authenticator(request -> request.token().equals(Optional.of("sesame"))
 *                 ? Authentication.admitted("Ali Baba")
 *                 : Authentication.rejected(401))
 *         .path(
 *                 "/push",
 *                 session -> session.send("hello, " + session.principal().orElseThrow()));
 * }
 */
@FunctionalInterface
public interface PushAuthenticator {
    /**
     * Decides about a request. Called by the thread that serves the request, which may block; for many requests at once.
     *
     * @param request what the client sent, and where it comes from
     * @return who it is, or how it is refused. What is thrown is logged, and answered with 500.
     */
    Authentication authenticate(PushRequest request);
}
