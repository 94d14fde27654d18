package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressOrderTest {
    /** Digits stand for IPv4 addresses, letters for IPv6 addresses. */
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "a, a",
        "123, 123",
        "a1, a1",
        "1a, 1a",
        "abc1, a1bc",
        "abc12, a1b2c",
        "a1b2, a1b2",
        "12ab, 1a2b",
        "1ab, 1ab",
        "'', ''"
    })
    void families_take_turns_beginning_with_that_of_the_first_address(String addresses, String order) throws Exception {
        assertEquals(addresses(order), AddressOrder.interleaved(addresses(addresses)));
    }

    private static List<InetAddress> addresses(String text) throws UnknownHostException {
        var addresses = new ArrayList<InetAddress>();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            addresses.add(InetAddress.getByName(c <= '9' ? "192.0.2." + c : "2001:db8::" + c));
        }
        return addresses;
    }
}
