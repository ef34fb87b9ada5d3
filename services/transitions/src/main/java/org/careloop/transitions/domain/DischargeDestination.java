package org.careloop.transitions.domain;

/** Where a patient goes after discharge, in the terms that our rules distinguish. */
public enum DischargeDestination {
    HOME,
    /** Home with skilled home health services. */
    HOME_HEALTH,
    SKILLED_NURSING,
    REHABILITATION,
    LONG_TERM_CARE,
    HOSPITAL,
    PSYCHIATRIC,
    HOSPICE,
    AGAINST_ADVICE,
    EXPIRED,
    OTHER
}
