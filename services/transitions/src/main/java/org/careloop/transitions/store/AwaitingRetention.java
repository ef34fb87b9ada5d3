package org.careloop.transitions.store;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.careloop.eventflow.RetentionRule;
import org.careloop.transitions.TransitionsConfig;

/** How long what was told waits for a stay that does not come; how much of it went is logged. */
@Singleton
class AwaitingRetention {

    /** One that was written meanwhile is not waited for, whoever has not heard of it yet. */
    private static final String OLDEST = " w where w.awaits_stay < ? and not exists (select from resource r"
            + " where r.type = 'Encounter' and r.id = w.encounter_id and not r.deleted)"
            + " order by w.awaits_stay limit ? for update of w skip locked)";

    private final Duration kept;

    AwaitingRetention(TransitionsConfig config) {
        this.kept = config.retention().withoutStay();
    }

    @Produces
    @Singleton
    RetentionRule facts() {
        return new RetentionRule(
                "facts of stays that did not come",
                kept,
                "delete from stay_fact where (encounter_id, reference) in (select w.encounter_id, w.reference from stay_fact"
                        + OLDEST);
    }

    @Produces
    @Singleton
    RetentionRule evidence() {
        return new RetentionRule(
                "evidence of stays that did not come",
                kept,
                "delete from transition_evidence where id in (select w.id from transition_evidence" + OLDEST);
    }

    @Produces
    @Singleton
    RetentionRule tests() {
        return new RetentionRule(
                "tests without a stay",
                kept,
                "delete from test_without_stay where reference in (select reference from test_without_stay"
                        + " where told < ? order by told limit ? for update skip locked)");
    }
}
