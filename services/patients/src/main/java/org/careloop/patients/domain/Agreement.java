package org.careloop.patients.domain;

/** How an element of two records compares. */
public enum Agreement {
    SAME,
    SIMILAR,
    DIFFERENT,
    /** One of them lacks it, which says nothing. */
    MISSING
}
