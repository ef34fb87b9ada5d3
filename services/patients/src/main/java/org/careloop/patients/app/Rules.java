package org.careloop.patients.app;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.careloop.patients.domain.MatchRules;
import org.careloop.patients.domain.reconciliation.MedicineTable;
import org.careloop.patients.domain.reconciliation.Medicines;
import org.careloop.patients.domain.reconciliation.ReconciliationRules;

/** Reads the rule data once, at start-up: a fault in it stops the start, not an intake. */
@Singleton
class Rules {

    Rules() {}

    @Produces
    @Singleton
    MatchRules matchRules() {
        return MatchRules.shipped();
    }

    @Produces
    @Singleton
    Medicines medicines() {
        return new Medicines(MedicineTable.shipped());
    }

    @Produces
    @Singleton
    ReconciliationRules reconciliation() {
        return ReconciliationRules.shipped();
    }
}
