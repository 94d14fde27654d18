package io.github.postern.push;

import java.io.IOException;

/** Why an attachment ended, as an exception tells it. */
final class Causes {
    private Causes() {}

    static IOException of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Broken broken -> broken.cause();
            case Outcome.Refused refused -> refused.cause();
            case Outcome.Busy busy -> busy.cause();
            case Outcome.Unauthorized unauthorized -> unauthorized.cause();
            case Outcome.Moved moved -> new IOException("the server has asked to attach anew");
            case Outcome.Gone gone ->
                new IOException(
                        "the server knows no such session: " + gone.status().code());
            case Outcome.Failed failed ->
                failed.info().cause() instanceof IOException e
                        ? e
                        : new IOException(
                                failed.info().toString(), failed.info().cause());
            case Outcome.Stray stray -> new IOException("another attempt has opened the session");
            case Outcome.Over over -> new IOException("over before it began");
        };
    }
}
