package io.github.postern.ws.server;

/**
 * The application's say in who may open a WebSocket: authentication, the choice of a subprotocol, cookies to set. It is asked about every
 * well-formed handshake for a path of the server that {@link OriginPolicy} and allowed hosts let through, and before anything is answered.
 *
 * {@snippet class="io.github.postern.verify.examples.ServerExamplesTest" region="policy" :
 * var builder = WebSocketServer.builder()
 *         .path("/", ws -> ws.send("hello, " + ws.attributes().get("user")))
 *         .upgradePolicy(request -> {
 *             var user = sessions.get(request.cookies().getOrDefault("session", ""));
 *             return user == null
 *                     ? UpgradeDecision.reject(401, "Who are you?").withHeader("WWW-Authenticate", "Bearer")
 *                     : UpgradeDecision.accept().withAttribute("user", user);
 *         });
 * }
 */
@FunctionalInterface
public interface UpgradePolicy {
    /**
     * Decides about one handshake. Called on the handshake's own virtual thread, which is not the one of the handler, and for several connections at once. May block, but what it takes counts
     * towards {@link ServerOptions#handshakeTimeout}: at that deadline the socket is closed and the thread interrupted.
     *
     * @param request the handshake and where it comes from
     * @return what to answer
     * @throws Exception to answer 500; the exception is logged and never told to the peer
     */
    UpgradeDecision decide(UpgradeRequest request) throws Exception;
}
