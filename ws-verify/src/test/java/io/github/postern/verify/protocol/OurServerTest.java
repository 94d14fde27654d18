package io.github.postern.verify.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our server, case by case. */
class OurServerTest {
    @TestFactory
    Stream<DynamicTest> our_server_keeps_to_the_protocol() throws Exception {
        try (var endpoint = SuiteEndpoint.start()) {
            var run = new Run(endpoint.uri(), Duration.ofSeconds(10), Optional.of(SuiteEndpoint.ORIGIN));
            return run.run(Suite.all()).stream().map(OurServerTest::test);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/few", "/few-from-one"})
    void our_server_refuses_what_is_too_much(String path) throws Exception {
        try (var endpoint = SuiteEndpoint.start()) {
            for (var result :
                    new Run(endpoint.uri(path), Duration.ofSeconds(10), Optional.empty()).run(Suite.limited())) {
                assertEquals(
                        Result.Verdict.PASSED,
                        result.verdict(),
                        () -> result.of().rule() + ": " + result.detail());
            }
        }
    }

    private static DynamicTest test(Result result) {
        return dynamicTest(
                result.of().id(),
                () -> assertEquals(
                        Result.Verdict.PASSED,
                        result.verdict(),
                        () -> result.of().rule() + ": " + result.detail()));
    }
}
