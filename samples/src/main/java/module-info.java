import org.jspecify.annotations.NullMarked;

/** Runnable programs and pages. Nothing depends on this module. */
@NullMarked
module io.github.postern.samples {
    requires io.github.postern.ws.server;
    requires io.github.postern.ws.client;
    requires io.github.postern.push;
    requires static org.jspecify;
}
