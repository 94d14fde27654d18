package io.github.postern.push;

import java.io.IOException;
import java.io.Serial;

/** The container does not let a servlet take a connection over; nothing was sent. */
final class UpgradeUnsupportedException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    UpgradeUnsupportedException(Throwable cause) {
        super("the container cannot upgrade", cause);
    }
}
