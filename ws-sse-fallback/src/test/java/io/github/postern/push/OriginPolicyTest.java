package io.github.postern.push;

import static io.github.postern.push.OriginPolicy.Decision.ANY;
import static io.github.postern.push.OriginPolicy.Decision.FOREIGN;
import static io.github.postern.push.OriginPolicy.Decision.LISTED;
import static io.github.postern.push.OriginPolicy.Decision.OWN;
import static io.github.postern.push.OriginPolicy.Decision.UNKNOWN_HOST;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PROTOCOL.md §12. */
class OriginPolicyTest {
    private static final OriginPolicy SAME = new OriginPolicy(Set.of(), Set.of());

    @ParameterizedTest
    @CsvSource({
        "http,example.com,http://example.com,OWN",
        "http,example.com,http://EXAMPLE.com,OWN",
        "http,example.com:80,http://example.com,OWN",
        "https,example.com,https://example.com:443,OWN",
        "http,localhost:8080,http://localhost:8080,OWN",
        "http,[::1]:8080,http://[::1]:8080,OWN",
        "http,localhost:8080,http://localhost:8081,FOREIGN",
        "http,localhost:8080,http://127.0.0.1:8080,FOREIGN",
        "http,example.com,https://example.com,FOREIGN",
        "http,example.com,http://example.com.evil.org,FOREIGN",
        "http,example.com,http://evil.org,FOREIGN",
        "http,example.com,null,FOREIGN",
        "http,example.com,'',FOREIGN",
    })
    void an_origin_is_scheme_host_and_port(String scheme, String host, String origin, OriginPolicy.Decision decision) {
        assertEquals(decision, SAME.decide(scheme, host, origin, null));
    }

    @Test
    void no_origin_is_no_foreign_page() {
        assertEquals(OWN, SAME.decide("http", "example.com", null, null));
        assertEquals(OWN, SAME.decide("http", "example.com", null, "same-origin"));
        assertEquals(OWN, SAME.decide("http", "example.com", null, "none"));
    }

    @Test
    void a_browser_that_says_it_comes_from_elsewhere_is_believed() {
        assertEquals(FOREIGN, SAME.decide("http", "example.com", null, "cross-site"));
        assertEquals(FOREIGN, SAME.decide("http", "example.com", null, "same-site"));
    }

    @Test
    void listed_origins_are_admitted() {
        var policy = new OriginPolicy(Set.of("https://app.example.com"), Set.of());
        assertEquals(LISTED, policy.decide("https", "push.example.com", "https://app.example.com", "same-site"));
        assertEquals(FOREIGN, policy.decide("https", "push.example.com", "http://app.example.com", null));
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example.com:443,https://app.example.com",
        "http://app.example.com:80,http://app.example.com",
        "HTTPS://App.Example.com,https://app.example.com",
        "https://app.example.com:8443,https://app.example.com:8443",
        "http://my_app:8080,http://my_app:8080",
        "capacitor://localhost,capacitor://localhost",
        "null,null",
        "file://,file://",
    })
    void a_listed_origin_is_compared_by_scheme_host_and_port(String listed, String origin) {
        var policy = new OriginPolicy(Set.of(listed), Set.of());
        assertEquals(LISTED, policy.decide("https", "push.example.com", origin, "cross-site"));
        assertEquals(FOREIGN, policy.decide("https", "push.example.com", origin + "x", "cross-site"));
    }

    @Test
    void a_star_admits_any_origin() {
        var policy = new OriginPolicy(Set.of("*"), Set.of());
        assertEquals(ANY, policy.decide("https", "example.com", "https://evil.org", null));
    }

    @Test
    void only_listed_hosts_are_served() {
        var policy = new OriginPolicy(Set.of(), Set.of("example.com"));
        assertEquals(OWN, policy.decide("http", "Example.com", null, null));
        assertEquals(UNKNOWN_HOST, policy.decide("http", "rebound.evil.org", null, null));
        assertEquals(UNKNOWN_HOST, policy.decide("http", null, null, null));
    }
}
