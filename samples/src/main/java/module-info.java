import org.jspecify.annotations.NullMarked;

/** Runnable programs and pages. Nothing depends on this module. */
@NullMarked
module io.github.postern.samples {
    requires info.picocli;
    requires io.github.postern.faults;
    requires io.github.postern.push;
    requires io.github.postern.ws.client;
    requires io.github.postern.ws.server;
    requires jakarta.json;
    requires jdk.management;
    requires static org.jspecify;
}
