package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChallengeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Basic|basic{}",
                "Basic realm=\"a b\"|basic{realm=a b}",
                "BASIC REALM=x|basic{REALM=x}",
                "Basic realm = \"x\" , charset = UTF-8|basic{charset=UTF-8, realm=x}",
                "Digest realm=\"x\", qop=\"auth, auth-int\", Basic realm=\"y\"|digest{qop=auth, auth-int, realm=x} basic{realm=y}",
                "Negotiate, Basic|negotiate{} basic{}",
                "Negotiate a87421==, Basic|negotiate{a87421=} basic{}",
                ", ,Basic realm=x,,|basic{realm=x}",
                "Basic realm=\"a\\\"b\\\\c\"|basic{realm=a\"b\\c}",
                "Basic a=1, a=2|basic{a=1}",
                "Basic realm=\"open|basic{}",
                "Basic, =x|basic{}",
                "realm=x, Basic|~~",
                "~~|~~"
            })
    void challenges_are_read_as_far_as_they_are_well_formed(String field, String challenges) {
        var read = Challenge.parse(List.of(field)).stream()
                .map(challenge -> challenge.scheme() + challenge.parameters())
                .toList();
        assertEquals(challenges, String.join(" ", read));
    }
}
