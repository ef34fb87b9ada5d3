package org.careloop.careplans.domain;

import static org.careloop.careplans.domain.PlanActor.KEEPERS;
import static org.hl7.fhir.r4.model.CareTeam.CareTeamStatus.ACTIVE;
import static org.hl7.fhir.r4.model.CareTeam.CareTeamStatus.ENTEREDINERROR;
import static org.hl7.fhir.r4.model.CareTeam.CareTeamStatus.INACTIVE;
import static org.hl7.fhir.r4.model.CareTeam.CareTeamStatus.PROPOSED;
import static org.hl7.fhir.r4.model.CareTeam.CareTeamStatus.SUSPENDED;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.StatusTable;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.CareTeam.CareTeamStatus;

/**
 * Guards every write of a CareTeam. An active team has members, each with a role (US Core). FHIR names the statuses and
 * no transitions: this table is our design.
 */
public final class CareTeamLifecycle {

    private static final Set<CareTeamStatus> ENDS = EnumSet.of(INACTIVE, ENTEREDINERROR);
    private static final List<String> IMMUTABLE = List.of("subject");
    private static final StatusTable<CareTeamStatus, PlanActor> TABLE = StatusTable.<CareTeamStatus, PlanActor>of(
                    "CareTeam.status", CareTeamStatus.class, CareTeamStatus::toCode)
            .create(EnumSet.of(PROPOSED, ACTIVE), KEEPERS)
            .move(EnumSet.of(PROPOSED, SUSPENDED), EnumSet.of(ACTIVE, INACTIVE), KEEPERS)
            .move(EnumSet.of(ACTIVE), EnumSet.of(SUSPENDED, INACTIVE), KEEPERS)
            .move(EnumSet.of(PROPOSED, ACTIVE, SUSPENDED, INACTIVE), EnumSet.of(ENTEREDINERROR), KEEPERS)
            .build();

    private CareTeamLifecycle() {}

    /**
     * Passes when {@code actor} may store {@code next} in place of {@code previous} (empty: a new team). Fails with
     * RULE_VIOLATED and what would be allowed, or INVALID_RESOURCE when there is no status.
     */
    public static void check(Optional<CareTeam> previous, CareTeam next, PlanActor actor) {
        PlanRules.requirePresent("CareTeam.status", next.hasStatus());
        Optional<CareTeamStatus> from = previous.map(CareTeam::getStatus);
        if (from.equals(Optional.of(next.getStatus()))) {
            PlanRules.requireMayEdit("CareTeam", actor, ENDS.contains(next.getStatus()));
        } else {
            TABLE.require(from, next.getStatus(), actor);
        }
        previous.ifPresent(known -> PlanRules.requireUnchanged(IMMUTABLE, known, next));
        boolean hasMembers = next.hasParticipant()
                && next.getParticipant().stream()
                        .allMatch(participant -> participant.hasRole() && participant.hasMember());
        PlanRules.require(
                next.getStatus() != ACTIVE || hasMembers,
                "CareTeam.participant",
                "missing, or without role or member, on active",
                "participants with role and member");
    }
}
