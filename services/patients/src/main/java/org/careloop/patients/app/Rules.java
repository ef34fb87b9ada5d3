package org.careloop.patients.app;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.careloop.patients.PatientsConfig;
import org.careloop.patients.domain.MatchRules;
import org.careloop.patients.domain.reconciliation.MedicineTable;
import org.careloop.patients.domain.reconciliation.Medicines;
import org.careloop.patients.domain.reconciliation.ReconciliationRules;
import org.careloop.ruledata.RuleSource;

/** Reads the rule data once, at start-up: a fault in it stops the start, not an intake. */
@Singleton
class Rules {

    private final RuleSource source;

    Rules(PatientsConfig config) {
        this.source = RuleSource.of(config.rulesFolder());
    }

    @Produces
    @Singleton
    MatchRules matchRules() {
        return MatchRules.of(source);
    }

    @Produces
    @Singleton
    Medicines medicines() {
        return new Medicines(MedicineTable.of(source));
    }

    @Produces
    @Singleton
    ReconciliationRules reconciliation() {
        return ReconciliationRules.of(source);
    }
}
