package org.careloop.careplans.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.careplans.domain.FactsPrint;
import org.careloop.careplans.domain.PlanDraft;
import org.careloop.careplans.domain.PlanIds;
import org.careloop.careplans.domain.PlanPhase;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.Goal;
import org.jspecify.annotations.Nullable;

/** What the platform has last made of the plan of a stay: from which facts, in which phase, and in which words. */
@Entity
@Table(name = "plan_application")
public class PlanApplication {

    @Id
    @Column(name = "encounter_id")
    private String encounterId = "";

    @Column(name = "patient_id")
    private String patientId = "";

    private int round;
    private String phase = "";

    @Column(name = "phase_by")
    private @Nullable String phaseBy;

    private String facts = "";
    private byte[] draft = {};
    private int changes;

    protected PlanApplication() {}

    /** The first plan of the stay {@code encounterId}, not made yet. */
    public PlanApplication(String encounterId, String patientId) {
        this.encounterId = encounterId;
        this.patientId = patientId;
    }

    /** Notes that the plan of {@code round} was made, or made anew. */
    public void made(int ofRound, FactsPrint from, PlanDraft applied) {
        round = ofRound;
        changes = 0;
        applied(from, applied);
        moved(PlanPhase.OPEN);
    }

    /** Notes what applies now. */
    public final void applied(FactsPrint from, PlanDraft applied) {
        facts = from.text();
        stands(applied);
    }

    /** Notes what still applies of what was applied. */
    public final void stands(PlanDraft applied) {
        Bundle bundle = new Bundle().setType(BundleType.COLLECTION);
        bundle.addEntry().setResource(applied.plan());
        bundle.addEntry().setResource(applied.team());
        applied.goals().forEach(goal -> bundle.addEntry().setResource(goal));
        draft = FhirJson.write(bundle);
    }

    /** Notes in which phase the plan is. */
    public final void moved(PlanPhase to) {
        phase = to.kind().name();
        phaseBy = to.by().orElse(null);
    }

    /** Counts a change of the plan and returns its number. */
    public int changed() {
        changes++;
        return changes;
    }

    public String encounterId() {
        return encounterId;
    }

    public PlanPhase phase() {
        return new PlanPhase(PlanPhase.Kind.valueOf(phase), Optional.ofNullable(phaseBy));
    }

    public FactsPrint facts() {
        return FactsPrint.parse(facts);
    }

    public int round() {
        return round;
    }

    /** The ids of the plan as it is now. */
    public PlanIds ids() {
        return new PlanIds(encounterId, round, Set.of());
    }

    /** What was applied last. */
    public PlanDraft applied() {
        List<Goal> goals = new ArrayList<>();
        Bundle bundle = FhirJson.parse(Bundle.class, draft);
        for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
            if (entry.getResource() instanceof Goal goal) {
                goals.add(goal);
            }
        }
        return new PlanDraft((CarePlan) bundle.getEntry().get(0).getResource(), List.copyOf(goals), (CareTeam)
                bundle.getEntry().get(1).getResource());
    }
}
