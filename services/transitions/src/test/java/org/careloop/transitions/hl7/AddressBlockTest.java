package org.careloop.transitions.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.careloop.ruledata.RuleData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The addresses that a sender's messages may come from. */
class AddressBlockTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7,        192.0.2.7,                true",
        "192.0.2.7,        192.0.2.8,                false",
        "10.20.0.0/16,     10.20.255.255,            true",
        "10.20.0.0/16,     10.21.0.0,                false",
        "10.20.16.0/20,    10.20.31.255,             true",
        "10.20.16.0/20,    10.20.32.0,               false",
        "0.0.0.0/0,        203.0.113.9,              true",
        "0.0.0.0/0,        2001:db8::1,              false",
        "2001:db8::/32,    2001:db8:0:1:0:0:0:9,     true",
        "2001:db8::/32,    2001:db9::1,              false",
        "fe80::/10,        fe80:0:0:0:0:0:0:1%eth0,  true",
        "::1,              0:0:0:0:0:0:0:1,          true",
        "10.20.0.0/16,     ::ffff:10.20.1.2,         true",
        "10.20.0.0/16,     hospital.example,         false",
        "10.20.0.0/16,     '',                       false",
    })
    void containsItsAddressesAndNoOthers(String block, String address, boolean contained) {
        // When, Then
        assertThat(AddressBlock.parse(block).contains(address)).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hospital.example",
                "10.20.1.0/16",
                "10.20.0.0/33",
                "10.20.0.0/",
                "10.20.0.0/-1",
                "10.20.0.0/16/8",
                "10.20/16",
                "256.0.0.1",
                "2001:db8::/129",
                "2001:db8::1/64",
                "fe80::1%eth0"
            })
    void refusesWhatIsNoAddressOrBlock(String text) {
        // When, Then
        assertThatThrownBy(() -> AddressBlock.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not an address or block (expected: ");
    }

    @Test
    void wrongPeerStopsTheReadingOfAProfile() {
        // Given
        String profile =
                Messages.resource("sender-profiles/any-sender.yaml").replace('\r', '\n') + "peers: [10.20.1.0/16]\n";
        // When, Then
        assertThatThrownBy(() -> RuleData.fromText(SenderProfile.class, "wrong.yaml", profile))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wrong.yaml")
                .hasMessageContaining("not an address or block");
    }
}
