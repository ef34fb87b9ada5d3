package org.careloop.transitions.domain;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How an item of the checklist of a discharge is. */
public enum ChecklistStatus {
    DONE,
    OPEN,
    NOT_APPLICABLE;

    /** Its code: {@code not-applicable}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The one with {@code code}. */
    public static Optional<ChecklistStatus> of(String code) {
        return Arrays.stream(values()).filter(each -> each.code().equals(code)).findFirst();
    }
}
