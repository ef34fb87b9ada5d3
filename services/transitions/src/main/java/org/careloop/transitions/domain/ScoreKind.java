package org.careloop.transitions.domain;

/**
 * What a score is.
 *
 * @param code its code in {@link ScoreAssessment#METHOD_SYSTEM}
 * @param title its name for people
 * @param outcome what it predicts
 * @param horizonDays within how many days after discharge
 */
public record ScoreKind(String code, String title, String outcome, int horizonDays) {}
