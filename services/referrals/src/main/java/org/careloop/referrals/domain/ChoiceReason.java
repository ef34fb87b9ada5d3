package org.careloop.referrals.domain;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why an agency has its place in a choice list. The names are kept with the list: never rename one.
 *
 * <p>Each step of the penalties is more than all smaller ones together, so the order is: the person's choice, capacity, that it
 * does not answer poorly, language, hours, an agreement, that it answers well, eligibility that is known, an area that is known.
 */
public enum ChoiceReason {
    SERVICE_TYPE_MATCHES(false, 0),
    SERVICE_TYPE_DIFFERS(true, 0),
    AREA_MATCHES(false, 0),
    OUT_OF_AREA(true, 0),
    /** The service lists no area: it may be asked, after those that are known to come. */
    AREA_NOT_STATED(false, 1),
    /** The person has no address in a form that could be compared. */
    AREA_OF_PERSON_UNKNOWN(false, 0),
    SERVICE_INACTIVE(true, 0),
    ORGANIZATION_INACTIVE(true, 0),
    /** The agency was asked for this request and said no, or passes it on. */
    DECLINED(true, 0),
    /** The person chose this one: it comes first, if it can be asked at all. */
    WISHED(false, -1024),
    /** Who asks has agreed with the agency not to ask it for this. */
    RESTRICTED(true, 0),
    /** Who asks has an agreement with the agency. */
    PARTNER(false, -8),
    HAS_CAPACITY(false, 0),
    /** The service does not tell whether it has room. */
    CAPACITY_UNKNOWN(false, 128),
    ASSESSMENT_REQUIRED(false, 256),
    /** No room now, but a waiting list. */
    WAITLIST(false, 384),
    NO_CAPACITY(true, 0),
    LANGUAGE_MATCHES(false, 0),
    LANGUAGE_NOT_LISTED(false, 32),
    /** The service is for some people only, and the person is one of them. */
    ELIGIBLE(false, 0),
    NOT_ELIGIBLE(true, 0),
    /** The service says in words whom it is for, or of the person is not known what decides: people have to look. */
    ELIGIBILITY_TO_CHECK(false, 2),
    OPEN_THEN(false, 0),
    /** The service has hours, and none when it is needed. */
    HOURS_DIFFER(false, 16),
    /** The service is not available in all of the time in which it is needed. */
    CLOSED_THEN(true, 0),
    /** By the figures of the last months. */
    ANSWERS_WELL(false, -4),
    /** By the figures of the last months. */
    ANSWERS_POORLY(false, 64);

    private final boolean excludes;
    private final int penalty;

    ChoiceReason(boolean excludes, int penalty) {
        this.excludes = excludes;
        this.penalty = penalty;
    }

    /** The reason as it is told. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether an agency with this reason is not asked. */
    public boolean excludes() {
        return excludes;
    }

    /** The larger the sum of these, the later in the list; one step outweighs all smaller ones together. */
    int penalty() {
        return penalty;
    }

    static ChoiceReason ofCapacity(@Nullable String code) {
        return switch (code) {
            case "capacity" -> HAS_CAPACITY;
            case "no-capacity" -> NO_CAPACITY;
            case "waitlist" -> WAITLIST;
            case "additional-assessment-required" -> ASSESSMENT_REQUIRED;
            case null, default -> CAPACITY_UNKNOWN;
        };
    }
}
