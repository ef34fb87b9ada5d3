package org.careloop.transitions.hl7;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.careloop.ruledata.RuleSource;
import org.careloop.transitions.domain.Sites.Site;

/** The senders that are known; a message of any other is refused. */
public final class SenderProfiles {

    /** In which a site keeps profiles of its own. */
    public static final String FOLDER = "sender-profiles";

    private static final String ANY = "*";

    private final List<SenderProfile> profiles;

    /** Knows {@code profiles}. */
    public SenderProfiles(Collection<SenderProfile> profiles) {
        this.profiles = List.copyOf(profiles);
    }

    /** Reads {@code sender-profiles/{name}.yaml} of {@code source} for each name; fails at once when one is missing or wrong. */
    public static SenderProfiles of(RuleSource source, Collection<String> names) {
        return new SenderProfiles(names.stream()
                .map(name -> source.read(SenderProfile.class, FOLDER + "/" + name + ".yaml"))
                .toList());
    }

    /** The profile of MSH-3 and MSH-4; an unknown sender is refused (AR) with {@link MessageRejection}. */
    public SenderProfile require(MessageHeader header) {
        String application = header.sendingApplication();
        String facility = header.sendingFacility();
        return profile(application, facility)
                .or(() -> profile(application, ANY))
                .or(() -> profile(ANY, ANY))
                .orElseThrow(() -> profiles.stream()
                                .noneMatch(each -> each.application().equals(application))
                        ? unknown(3, "unknown sending application (expected: one with a profile)")
                        : unknown(4, "unknown sending facility (expected: one with a profile for this application)"));
    }

    /** Whether a sender numbers its visits in {@code system}. */
    public boolean numbersVisits(String system) {
        return profiles.stream().anyMatch(each -> each.visitNumbers().systems().containsValue(system));
    }

    /** The profile of the organisation {@code id}, or of one of its systems. */
    public Optional<SenderProfile> ofOrganization(String id) {
        return profiles.stream().filter(each -> each.organization().equals(id)).findFirst();
    }

    /** Whether another organisation than {@code organization} numbers its visits in {@code system}. */
    public boolean numbersVisitsOfOthers(String system, String organization) {
        return numbersVisits(system)
                && profiles.stream()
                        .noneMatch(each -> each.organization().equals(organization)
                                && each.visitNumbers().systems().containsValue(system));
    }

    /** The profile of senders that have none of their own. */
    public Optional<SenderProfile> any() {
        return profile(ANY, ANY);
    }

    /** The sites of the senders, by the id of their organisation. */
    public Map<String, Site> sites() {
        return profiles.stream()
                .collect(Collectors.toMap(
                        SenderProfile::organization,
                        each -> new Site(each.timeZone(), Optional.of(each.coordinator())),
                        (first, other) -> first));
    }

    private Optional<SenderProfile> profile(String application, String facility) {
        return profiles.stream()
                .filter(each -> each.application().equals(application)
                        && each.facility().equals(facility))
                .findFirst();
    }

    private static MessageRejection unknown(int field, String problem) {
        return MessageRejection.refusal(ErrorCode.TABLE_VALUE_NOT_FOUND, MessageLocation.of("MSH", field), problem);
    }
}
