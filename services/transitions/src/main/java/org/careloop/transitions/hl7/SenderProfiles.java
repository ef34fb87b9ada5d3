package org.careloop.transitions.hl7;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.careloop.ruledata.RuleData;

/** The senders that are known; a message of any other is refused. */
public final class SenderProfiles {

    private final List<SenderProfile> profiles;

    /** Knows {@code profiles}. */
    public SenderProfiles(Collection<SenderProfile> profiles) {
        this.profiles = List.copyOf(profiles);
    }

    /** Reads {@code sender-profiles/{name}.yaml} for each name; fails at once when one is missing or wrong. */
    public static SenderProfiles fromResources(Collection<String> names) {
        return new SenderProfiles(names.stream()
                .map(name -> RuleData.fromResource(SenderProfile.class, "sender-profiles/" + name + ".yaml"))
                .toList());
    }

    /** The profile of MSH-3 and MSH-4; an unknown sender is refused (AR) with {@link MessageRejection}. */
    public SenderProfile require(MessageHeader header) {
        Stream<SenderProfile> ofApplication =
                profiles.stream().filter(profile -> profile.application().equals(header.sendingApplication()));
        List<SenderProfile> known = ofApplication.toList();
        if (known.isEmpty()) {
            throw MessageRejection.refusal(
                    ErrorCode.TABLE_VALUE_NOT_FOUND,
                    MessageLocation.of("MSH", 3),
                    "unknown sending application (expected: one with a profile)");
        }
        return known.stream()
                .filter(profile -> profile.facility().equals(header.sendingFacility()))
                .findFirst()
                .orElseThrow(() -> MessageRejection.refusal(
                        ErrorCode.TABLE_VALUE_NOT_FOUND,
                        MessageLocation.of("MSH", 4),
                        "unknown sending facility (expected: one with a profile for this application)"));
    }
}
