package org.careloop.transitions.app;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.careloop.fhirrest.FhirRestConfig;
import org.careloop.ruledata.BusinessCalendar;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.AvoidableRules;
import org.careloop.transitions.domain.ChecklistRules;
import org.careloop.transitions.domain.DischargeDestinations;
import org.careloop.transitions.domain.DischargeMilestones;
import org.careloop.transitions.domain.EvidenceRules;
import org.careloop.transitions.domain.HospitalScore;
import org.careloop.transitions.domain.Lace;
import org.careloop.transitions.domain.Payers;
import org.careloop.transitions.domain.ReadmissionRules;
import org.careloop.transitions.domain.Readmissions;
import org.careloop.transitions.domain.Sites;
import org.careloop.transitions.domain.TcmMeasure;
import org.careloop.transitions.domain.TransitionMeasures;
import org.careloop.transitions.domain.TrcMeasure;
import org.careloop.transitions.domain.document.DocumentRules;
import org.careloop.transitions.domain.document.TransitionDocument;
import org.careloop.transitions.hl7.SenderProfiles;

/** Reads the rule data once, at start-up: a fault in it stops the start, not a discharge. */
@Singleton
class Rules {

    Rules() {}

    @Produces
    @Singleton
    SenderProfiles senders(TransitionsConfig config) {
        return SenderProfiles.fromResources(config.senders());
    }

    @Produces
    @Singleton
    Sites sites(SenderProfiles senders, TransitionsConfig config) {
        return new Sites(senders.sites(), config.timeZone(), config.classes());
    }

    @Produces
    @Singleton
    DischargeDestinations destinations() {
        return DischargeDestinations.standard();
    }

    @Produces
    @Singleton
    Readmissions readmissions(Sites sites, DischargeDestinations destinations) {
        return new Readmissions(ReadmissionRules.standard(), sites, destinations);
    }

    @Produces
    @Singleton
    AvoidableRules avoidableRules() {
        return AvoidableRules.standard();
    }

    @Produces
    @Singleton
    ChecklistRules checklistRules() {
        return ChecklistRules.standard();
    }

    @Produces
    @Singleton
    Lace lace() {
        return Lace.standard();
    }

    @Produces
    @Singleton
    HospitalScore hospitalScore() {
        return HospitalScore.standard();
    }

    @Produces
    @Singleton
    DischargeMilestones milestones() {
        return DischargeMilestones.standard(BusinessCalendar.usFederal());
    }

    @Produces
    @Singleton
    TrcMeasure trc() {
        return TrcMeasure.standard();
    }

    @Produces
    @Singleton
    TcmMeasure tcm() {
        return TcmMeasure.standard(BusinessCalendar.usFederal());
    }

    @Produces
    @Singleton
    TransitionMeasures measures(TrcMeasure trc, TcmMeasure tcm) {
        return new TransitionMeasures(trc, tcm);
    }

    @Produces
    @Singleton
    Payers payers() {
        return Payers.standard();
    }

    @Produces
    @Singleton
    EvidenceRules evidence() {
        return EvidenceRules.standard();
    }

    @Produces
    @Singleton
    DocumentRules documentRules() {
        return DocumentRules.standard();
    }

    @Produces
    @Singleton
    TransitionDocument transitionDocument(DocumentRules rules, FhirRestConfig server) {
        return new TransitionDocument(rules, server.baseUrl());
    }
}
