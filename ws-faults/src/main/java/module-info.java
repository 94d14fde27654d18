import org.jspecify.annotations.NullMarked;

/** Network faults for tests: a proxy inside the test that breaks HTTP and WebSocket on demand. */
@NullMarked
module io.github.postern.faults {
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;

    exports io.github.postern.faults;
}
