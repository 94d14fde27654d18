package io.github.postern.samples.compare;

import java.time.Duration;

/**
 * What a server process has used.
 *
 * @param cpu processor time since it started
 * @param heap bytes of its heap in use, garbage included
 */
record ServerLoad(Duration cpu, long heap) {
    static final ServerLoad NONE = new ServerLoad(Duration.ZERO, 0);
}
