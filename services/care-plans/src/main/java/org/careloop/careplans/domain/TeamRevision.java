package org.careloop.careplans.domain;

import java.time.Instant;
import java.util.List;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.CareTeam.CareTeamParticipantComponent;
import org.hl7.fhir.r4.model.CareTeam.CareTeamStatus;
import org.hl7.fhir.r4.model.Reference;

/** How the team of a plan changes with it. Nobody is taken out of it: who leaves gets an end. */
final class TeamRevision {

    private TeamRevision() {}

    /** Returns {@code stored} with those of {@code next} who were not told {@code before} and are not in it yet. */
    static CareTeam joined(CareTeam stored, CareTeam before, CareTeam next) {
        CareTeam team = stored.copy();
        next.getParticipant().stream()
                .filter(participant -> !isMember(participant, before) && !isMember(participant, team))
                .forEach(participant -> team.addParticipant(participant.copy()));
        return team;
    }

    /** Returns {@code team} with those whom people have added to {@code former}, which was {@code applied}, and not ended. */
    static CareTeam withOwn(CareTeam team, CareTeam former, CareTeam applied) {
        CareTeam next = team.copy();
        former.getParticipant().stream()
                .filter(participant -> !participant.getPeriod().hasEnd())
                .filter(participant -> !isMember(participant, applied) && !isMember(participant, next))
                .forEach(participant -> next.addParticipant(participant.copy()));
        return next;
    }

    /** Returns {@code team} inactive, and its members with an end at {@code at} unless they have one. */
    static CareTeam ended(CareTeam team, Instant at) {
        CareTeam ended = team.copy().setStatus(CareTeamStatus.INACTIVE);
        ended.getPeriod().setEndElement(FhirTime.dateTime(at));
        ended.getParticipant().stream()
                .filter(participant -> !participant.getPeriod().hasEnd())
                .forEach(participant -> participant.getPeriod().setEndElement(FhirTime.dateTime(at)));
        return ended;
    }

    private static boolean isMember(CareTeamParticipantComponent participant, CareTeam team) {
        List<CareTeamParticipantComponent> members = team.getParticipant();
        return members.stream().anyMatch(member -> isSame(member.getMember(), participant.getMember()));
    }

    private static boolean isSame(Reference one, Reference other) {
        return one.hasReference() || other.hasReference() ? CarePlanProgress.isSame(one, other) : one.equalsDeep(other);
    }
}
