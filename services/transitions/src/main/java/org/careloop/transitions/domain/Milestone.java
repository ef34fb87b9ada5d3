package org.careloop.transitions.domain;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that has to happen after a discharge, and until when.
 *
 * @param code its key, unique in one set
 * @param title its name for people
 * @param opens the first moment that counts; nothing before it does
 * @param target when good practice expects it, if earlier than due
 * @param due the last moment that counts
 * @param source the rule that it comes from
 */
public record Milestone(
        String code, String title, Instant opens, Optional<Instant> target, Instant due, String source) {}
