package org.careloop.careplans.domain;

import java.time.Instant;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.CareTeam.CareTeamStatus;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;

/** The team of a plan on its first day: those whom the hospital's message names. */
final class DischargeTeam {

    private static final String SNOMED = "http://snomed.info/sct";

    private DischargeTeam() {}

    static CareTeam of(DischargeFacts facts, PlanIds ids) {
        DischargeFacts.Parties parties = facts.parties();
        CareTeam team = new CareTeam();
        team.setId(ids.team().value());
        team.getMeta().addProfile(ProtocolApplication.US_CORE + "us-core-careteam");
        team.setStatus(CareTeamStatus.ACTIVE).setName("Care team after discharge");
        team.setSubject(facts.patient().copy()).setEncounter(facts.encounter().copy());
        team.setPeriod(since(facts));
        add(team, facts, facts.patient(), new Coding(SNOMED, "116154003", "Patient"));
        parties.primaryCare()
                .ifPresent(member ->
                        add(team, facts, member, new Coding(SNOMED, "453231000124104", "Primary care provider")));
        parties.attending()
                .ifPresent(member -> add(team, facts, member, new Coding(SNOMED, "405279007", "Attending physician")));
        Coding organization = new Coding(SNOMED, "394730007", "Healthcare related organization");
        add(team, facts, parties.coordinator(), organization);
        team.addManagingOrganization(parties.coordinator().copy());
        return team;
    }

    private static void add(CareTeam team, DischargeFacts facts, Reference member, Coding role) {
        var participant = team.addParticipant();
        participant.addRole().addCoding(role);
        participant.setMember(member.copy()).setPeriod(since(facts));
    }

    private static Period since(DischargeFacts facts) {
        Instant start = facts.discharge().at();
        return new Period()
                .setStartElement(FhirTime.dateTime(start, facts.discharge().zone()));
    }
}
