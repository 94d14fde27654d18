package io.github.postern.verify.autobahn;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the profile lets pass, without the suite itself. */
class ReportTest {
    private static Report report(String behavior, String behaviorClose) {
        return Report.parse("""
                {"Postern": {
                    "1.1.1": {"behavior": "OK", "behaviorClose": "OK", "remoteCloseCode": 1000},
                    "7.1.6": {"behavior": "%s", "behaviorClose": "%s", "remoteCloseCode": null}
                }}
                """.formatted(behavior, behaviorClose), "Postern");
    }

    private static void assertComplaint(String complaint, Report report, int count, Map<String, String> exceptions) {
        var failure = assertThrows(AssertionError.class, () -> report.assertStrict(count, exceptions));
        assertTrue(String.valueOf(failure.getMessage()).contains(complaint), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"OK, OK", "INFORMATIONAL, INFORMATIONAL", "OK, INFORMATIONAL"})
    void ok_and_informational_pass(String behavior, String behaviorClose) {
        report(behavior, behaviorClose).assertStrict(2, Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "NON-STRICT, OK",
        "UNIMPLEMENTED, OK",
        "FAILED, OK",
        "OK, UNCLEAN",
        "OK, WRONG CODE",
        "OK, FAILED BY CLIENT",
        "OK, ANYTHING NEW"
    })
    void every_other_verdict_fails_and_names_the_case(String behavior, String behaviorClose) {
        var complaint = "7.1.6: " + behavior + ", close " + behaviorClose;
        assertComplaint(complaint, report(behavior, behaviorClose), 2, Map.of());
    }

    @Test
    void a_missing_case_fails() {
        assertComplaint("2 cases in the report instead of 3", report("OK", "OK"), 3, Map.of());
    }

    @Test
    void an_exception_may_have_another_verdict() {
        report("UNIMPLEMENTED", "OK").assertStrict(2, Map.of("7.1.6", "a reason"));
    }

    @Test
    void an_exception_that_passes_fails() {
        assertComplaint("7.1.6: passes", report("OK", "OK"), 2, Map.of("7.1.6", "a reason"));
    }

    @Test
    void an_exception_that_was_not_run_fails() {
        assertComplaint("7.1.7: an exception that was not run", report("OK", "OK"), 2, Map.of("7.1.7", "a reason"));
    }

    @Test
    void a_report_about_another_agent_fails() {
        assertThrows(AssertionError.class, () -> Report.parse("{\"Other\": {}}", "Postern"));
    }
}
