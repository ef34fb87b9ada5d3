package org.careloop.careplans.domain.notice;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.PractitionerRole;

/**
 * For whom a practitioner works, by a role of theirs.
 *
 * @param role literal reference, as the others
 * @param starts from when, if that is told
 * @param ends until when, exclusive
 * @param standing whether there is such a role, and active
 */
public record WorkPlace(
        String role,
        String practitioner,
        String organization,
        Optional<Instant> starts,
        Optional<Instant> ends,
        boolean standing) {

    /** A day of an unknown zone has begun and ended everywhere. */
    private static final ZoneOffset FIRST = ZoneOffset.ofHours(14);

    private static final ZoneOffset LAST = ZoneOffset.ofHours(-12);

    /** Reads {@code role}; {@code deleted} tells that it is not there any more. */
    public static WorkPlace of(PractitionerRole role, boolean deleted) {
        Optional<String> organization = ResourceKey.parse(
                        String.valueOf(role.getOrganization().getReference()))
                .filter(key -> key.type().equals("Organization"))
                .map(ResourceKey::reference);
        boolean active = !role.hasActive() || role.getActive();
        return new WorkPlace(
                "PractitionerRole/" + role.getIdElement().getIdPart(),
                String.valueOf(role.getPractitioner().getReference()),
                organization.orElse(""),
                begin(role.getPeriod().getStartElement()),
                end(role.getPeriod().getEndElement()),
                organization.isPresent() && active && !deleted);
    }

    private static Optional<Instant> begin(DateTimeType time) {
        return Optional.ofNullable(time.getValueAsString()).map(text -> switch (text.length()) {
            case 4 -> YearMonth.parse(text + "-01").atDay(1).atStartOfDay(FIRST).toInstant();
            case 7 -> YearMonth.parse(text).atDay(1).atStartOfDay(FIRST).toInstant();
            case 10 -> LocalDate.parse(text).atStartOfDay(FIRST).toInstant();
            default -> time.getValue().toInstant();
        });
    }

    private static Optional<Instant> end(DateTimeType time) {
        return Optional.ofNullable(time.getValueAsString()).map(text -> switch (text.length()) {
            case 4 ->
                YearMonth.parse(text + "-12")
                        .atEndOfMonth()
                        .plusDays(1)
                        .atStartOfDay(LAST)
                        .toInstant();
            case 7 ->
                YearMonth.parse(text)
                        .atEndOfMonth()
                        .plusDays(1)
                        .atStartOfDay(LAST)
                        .toInstant();
            case 10 -> LocalDate.parse(text).plusDays(1).atStartOfDay(LAST).toInstant();
            default -> time.getValue().toInstant();
        });
    }
}
