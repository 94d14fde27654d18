package io.github.postern.push;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** Asks the authenticator of an endpoint, if there is one, and says how a refusal is answered (PROTOCOL.md §4). */
final class Gate {
    private static final Authentication.Admitted OPEN = Authentication.anonymous();
    private static final int UNAUTHORIZED = 401;
    private static final int BAD_REQUEST = 400;

    /** Set before the first request. */
    private volatile @Nullable PushAuthenticator authenticator;

    void authenticator(PushAuthenticator value) {
        authenticator = value;
    }

    /** Whether everybody is let in. */
    boolean isOpen() {
        return authenticator == null;
    }

    /** Decides about an HTTP request. */
    Authentication decide(HttpServletRequest request) {
        if (isOpen()) {
            return OPEN;
        }
        var copy = PushRequest.of(request);
        return copy == null ? Authentication.rejected(BAD_REQUEST) : decide(copy);
    }

    /** Decides about a request, perhaps with a token that came later. */
    Authentication decide(PushRequest request) {
        var asked = authenticator;
        return asked == null ? OPEN : asked.authenticate(request);
    }

    /** How a request is answered that was refused. */
    static Answer answer(Authentication.Rejected rejected) {
        return rejected.status() == UNAUTHORIZED
                ? Answer.error(UNAUTHORIZED, "token", "credentials are missing, wrong or out of date")
                        .with("WWW-Authenticate", "Bearer")
                : Answer.error(rejected.status(), "refused", "not admitted");
    }
}
