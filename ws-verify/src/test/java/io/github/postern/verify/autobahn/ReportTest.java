package io.github.postern.verify.autobahn;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.verify.autobahn.Report.Exemption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    private static List<Exemption> exempt(String cases) {
        return List.of(new Exemption(cases, "UNIMPLEMENTED", "a reason"));
    }

    private static void assertComplaint(String complaint, Report report, int count, List<Exemption> exemptions) {
        var failure = assertThrows(AssertionError.class, () -> report.assertStrict(count, exemptions));
        assertTrue(String.valueOf(failure.getMessage()).contains(complaint), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"OK, OK", "INFORMATIONAL, INFORMATIONAL", "OK, INFORMATIONAL"})
    void ok_and_informational_pass(String behavior, String behaviorClose) {
        report(behavior, behaviorClose).assertStrict(2, List.of());
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
        assertComplaint(complaint, report(behavior, behaviorClose), 2, List.of());
    }

    @Test
    void a_missing_case_fails() {
        assertComplaint("2 cases in the report instead of 3", report("OK", "OK"), 3, List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.1.6", "7.1.*", "7.*"})
    void an_exemption_allows_its_verdict(String cases) {
        report("UNIMPLEMENTED", "OK").assertStrict(2, exempt(cases));
    }

    @Test
    void an_exempted_case_that_passes_fails() {
        assertComplaint("7.1.6: OK", report("OK", "OK"), 2, exempt("7.1.6"));
    }

    @Test
    void an_exemption_allows_no_other_verdict() {
        assertComplaint("7.1.6: FAILED", report("FAILED", "OK"), 2, exempt("7.1.6"));
    }

    @Test
    void an_exemption_allows_no_unclean_close() {
        assertComplaint("close UNCLEAN", report("UNIMPLEMENTED", "UNCLEAN"), 2, exempt("7.1.6"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.1.7", "7.1.60", "7.1", "7.2.*"})
    void an_exemption_without_a_case_fails(String cases) {
        assertComplaint(cases + ": exempted and not run", report("OK", "OK"), 2, exempt(cases));
    }

    @Test
    void a_report_about_another_agent_fails() {
        assertThrows(AssertionError.class, () -> Report.parse("{\"Other\": {}}", "Postern"));
    }
}
