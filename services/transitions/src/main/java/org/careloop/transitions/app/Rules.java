package org.careloop.transitions.app;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.careloop.fhirrest.FhirRestConfig;
import org.careloop.ruledata.RuleSource;
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

    private final RuleSource source;

    Rules(TransitionsConfig config) {
        this.source = RuleSource.of(config.rulesFolder(), SenderProfiles.FOLDER);
    }

    @Produces
    @Singleton
    SenderProfiles senders(TransitionsConfig config) {
        return SenderProfiles.of(source, config.senders());
    }

    @Produces
    @Singleton
    Sites sites(SenderProfiles senders, TransitionsConfig config) {
        return new Sites(senders.sites(), config.timeZone(), config.classes());
    }

    @Produces
    @Singleton
    DischargeDestinations destinations() {
        return DischargeDestinations.of(source);
    }

    @Produces
    @Singleton
    Readmissions readmissions(Sites sites, DischargeDestinations destinations) {
        return new Readmissions(ReadmissionRules.of(source), sites, destinations);
    }

    @Produces
    @Singleton
    AvoidableRules avoidableRules() {
        return AvoidableRules.of(source);
    }

    @Produces
    @Singleton
    ChecklistRules checklistRules() {
        return ChecklistRules.of(source);
    }

    @Produces
    @Singleton
    Lace lace() {
        return Lace.of(source);
    }

    @Produces
    @Singleton
    HospitalScore hospitalScore() {
        return HospitalScore.of(source);
    }

    @Produces
    @Singleton
    DischargeMilestones milestones() {
        return DischargeMilestones.of(source);
    }

    @Produces
    @Singleton
    TrcMeasure trc() {
        return TrcMeasure.of(source);
    }

    @Produces
    @Singleton
    TcmMeasure tcm() {
        return TcmMeasure.of(source);
    }

    @Produces
    @Singleton
    TransitionMeasures measures(TrcMeasure trc, TcmMeasure tcm) {
        return new TransitionMeasures(trc, tcm);
    }

    @Produces
    @Singleton
    Payers payers() {
        return Payers.of(source);
    }

    @Produces
    @Singleton
    EvidenceRules evidence() {
        return EvidenceRules.of(source);
    }

    @Produces
    @Singleton
    DocumentRules documentRules() {
        return DocumentRules.of(source);
    }

    @Produces
    @Singleton
    TransitionDocument transitionDocument(DocumentRules rules, FhirRestConfig server) {
        return new TransitionDocument(rules, server.baseUrl());
    }
}
