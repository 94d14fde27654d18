package io.github.postern.verify.chaos;

import io.github.postern.push.Authentication;
import io.github.postern.push.PushRequest;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushToken;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** Issues tokens with a short life, and has a server admit nobody without one that lives. */
public final class Tokens {
    private final Duration life;
    private final AtomicInteger issued = new AtomicInteger();

    public Tokens(Duration life) {
        this.life = life;
    }

    /** The next token, whose value tells when it expires. */
    PushToken next() {
        var expires = Instant.now().plus(life);
        return PushToken.of(issued.incrementAndGet() + "." + expires.toEpochMilli(), expires);
    }

    int issued() {
        return issued.get();
    }

    /** A server that admits whoever has one, until it expires. */
    public static PushServer.Builder server() {
        return PushServer.builder().authenticator(Tokens::authenticate);
    }

    private static Authentication authenticate(PushRequest request) {
        var token = request.token().orElse(".0");
        var expires = Instant.ofEpochMilli(Long.parseLong(token.substring(token.indexOf('.') + 1)));
        return expires.isAfter(Instant.now())
                ? Authentication.admitted("somebody").until(expires)
                : Authentication.rejected(401);
    }
}
