package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.careloop.careplans.CarePlansConfig;
import org.careloop.careplans.domain.PlanCourse;
import org.careloop.careplans.domain.PlanCourse.Stay;
import org.careloop.careplans.domain.PlanPhase;
import org.careloop.careplans.store.PlanApplication;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;

/**
 * Brings the plans of a patient to where the stays are: made, applied anew, paused, followed again or ended. Looks at how things
 * are, so that it may be called for any report, in any order and again.
 */
@Singleton
class FollowStays {

    private final PlanCourse course;
    private final ApplyProtocols applyProtocols;
    private final MovePlan movePlan;

    FollowStays(CarePlansConfig config, ApplyProtocols applyProtocols, MovePlan movePlan) {
        this.course = new PlanCourse(config.stayClasses());
        this.applyProtocols = applyProtocols;
        this.movePlan = movePlan;
    }

    /** Follows all stays of the patient, the last one first: its plan may take the place of others. */
    Uni<Void> handle(String patientId, UnitOfWork unit) {
        return PatientStays.read(patientId, unit)
                .chain(stays -> InTurn.each(stays.all(), stay -> follow(stay, stays, unit)))
                .chain(() -> unit.session().flush());
    }

    private Uni<Void> follow(Stay stay, PatientStays stays, UnitOfWork unit) {
        Optional<PlanApplication> row = stays.application(stay.id());
        Optional<PlanPhase> known = row.map(PlanApplication::phase);
        return course.of(stay, known, stays.all(), stays.planned(), stays.haveEnded())
                .filter(phase -> phase.equals(PlanPhase.OPEN) || !known.equals(Optional.of(phase)))
                .map(phase -> takeBack(row, phase, stays, unit).chain(() -> go(row, phase, stay, stays, unit)))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private Uni<Void> go(
            Optional<PlanApplication> row, PlanPhase phase, Stay stay, PatientStays stays, UnitOfWork unit) {
        if (row.isPresent() && !row.get().phase().isEnd()) {
            return phase.equals(PlanPhase.OPEN)
                    ? stays.factsOf(stay)
                            .map(facts -> applyProtocols.revise(facts, row.get(), unit))
                            .orElseGet(() -> Uni.createFrom().voidItem())
                    : movePlan.handle(row.get(), phase, unit);
        }
        return switch (phase.kind()) {
            case OPEN -> make(row, stay, stays, unit).replaceWithVoid();
            // Of a patient who is in hospital again before the plan could be made, it is made and paused.
            case READMITTED ->
                make(row, stay, stays, unit)
                        .chain(made -> made.map(paused -> movePlan.handle(paused, phase, unit))
                                .orElseGet(() -> Uni.createFrom().voidItem()));
            // The plan has ended already.
            case RETRACTED -> Uni.createFrom().voidItem().invoke(() -> row.ifPresent(ended -> ended.moved(phase)));
            case EXPECTED, DIED, REPLACED, SUSPENDED -> Uni.createFrom().voidItem();
        };
    }

    private Uni<Optional<PlanApplication>> make(
            Optional<PlanApplication> row, Stay stay, PatientStays stays, UnitOfWork unit) {
        return stays.factsOf(stay)
                .map(facts -> applyProtocols
                        .make(facts, row, formers(stay, stays), unit)
                        .invoke(stays::add)
                        .map(Optional::of))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
    }

    /** A readmission that was an error, or was another person's, is none that the team should know of. */
    private Uni<Void> takeBack(Optional<PlanApplication> row, PlanPhase next, PatientStays stays, UnitOfWork unit) {
        Optional<String> told = row.flatMap(known -> known.phase().by())
                .filter(by -> !next.by().equals(Optional.of(by)))
                .filter(by -> stays.stay(by).map(PlanCourse::isError).orElse(true));
        return told.isEmpty()
                ? Uni.createFrom().voidItem()
                : movePlan.takeBackNotice(row.orElseThrow(), told.get(), unit);
    }

    /** The plans that the one of {@code stay} takes the place of: of earlier stays, and what was made in its own place before. */
    private List<PlanApplication> formers(Stay stay, PatientStays stays) {
        Optional<PlanApplication> own = stays.application(stay.id());
        Optional<String> by = own.flatMap(row -> row.phase().by());
        return stays.applications().stream()
                .filter(row -> own.filter(row::equals).isPresent()
                        || by.filter(row.encounterId()::equals).isPresent()
                        || !row.phase().isEnd() && isEarlier(row, stay, stays))
                .toList();
    }

    private boolean isEarlier(PlanApplication row, Stay stay, PatientStays stays) {
        return stays.stay(row.encounterId())
                .filter(other -> course.isLater(stay, other))
                .isPresent();
    }
}
