package org.careloop.transitions.domain;

/** The risk of death or unplanned readmission within 30 days. */
public enum RiskBand {
    LOW,
    MODERATE,
    HIGH,
    /** No score could be made; rules that depend on the risk name what they do then. */
    UNKNOWN
}
