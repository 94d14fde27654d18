package io.github.postern.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.postern.ws.core.handshake.Headers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 3875 §4.1. */
class CgiTest {
    private static Map<String, String> variables(String host, String... headers) {
        return Cgi.variables("GET", "/", "a=1&b=2", host, "192.0.2.7", Headers.of(headers));
    }

    @Test
    void a_request_is_told_by_its_variables() {
        assertEquals(
                Map.of(
                        "GATEWAY_INTERFACE", "CGI/1.1",
                        "SERVER_SOFTWARE", "Postern",
                        "SERVER_PROTOCOL", "HTTP/1.1",
                        "SERVER_NAME", "localhost",
                        "SERVER_PORT", "8080",
                        "REQUEST_METHOD", "GET",
                        "SCRIPT_NAME", "/",
                        "PATH_INFO", "",
                        "QUERY_STRING", "a=1&b=2",
                        "REMOTE_ADDR", "192.0.2.7"),
                variables("localhost:8080"));
    }

    @ParameterizedTest
    @CsvSource({"localhost, localhost, 80", "[::1], [::1], 80", "[::1]:8081, [::1], 8081"})
    void the_host_has_name_and_port(String host, String name, String port) {
        assertEquals(name, variables(host).get("SERVER_NAME"));
        assertEquals(port, variables(host).get("SERVER_PORT"));
    }

    @Test
    void header_fields_are_variables_in_upper_case() {
        assertEquals("curl/8", variables("localhost", "User-Agent", "curl/8").get("HTTP_USER_AGENT"));
        assertEquals("1", variables("localhost", "X.Odd!Name", "1").get("HTTP_X_ODD_NAME"));
    }

    @Test
    void fields_of_one_name_are_joined_as_they_may_be() {
        var variables = variables("localhost", "Accept", "a", "Cookie", "x=1", "accept", "b", "Cookie", "y=2");
        assertEquals("a, b", variables.get("HTTP_ACCEPT"));
        assertEquals("x=1; y=2", variables.get("HTTP_COOKIE"));
    }

    /** HTTP_PROXY would turn the program's own requests to whoever asked. */
    @ParameterizedTest
    @ValueSource(
            strings = {"Proxy", "PROXY", "Authorization", "Proxy-Authorization", "Postern-Session", "Last-Event-ID"})
    void credentials_and_what_would_mislead_the_program_are_kept_back(String name) {
        var variables = variables("localhost", name, "secret");
        assertFalse(variables.containsValue("secret"), variables.toString());
    }
}
