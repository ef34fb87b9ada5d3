package org.careloop.patients.domain.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.domain.reconciliation.Prescriptions.RULES;
import static org.careloop.patients.domain.reconciliation.Prescriptions.dosage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DetectedIssue;
import org.hl7.fhir.r4.model.DetectedIssue.DetectedIssueStatus;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

/** What becomes of the DetectedIssue of a difference when it is found again, resolved, or gone. */
class DiscrepancyIssueTest {

    private static final Instant AT = Instant.parse("2026-11-15T10:00:00Z");

    private final Prescriptions ada = new Prescriptions();
    private final MedicationRequest before = ada.home("314076");
    private final MedicationRequest after = ada.discharge("314076");

    DiscrepancyIssueTest() {
        after.setDosageInstruction(List.of(dosage("20", "mg", 1)));
    }

    private DetectedIssue of(DetectedIssue known, Instant at) {
        Reconciliation compared = ada.compared();
        return DiscrepancyIssue.of(compared.differences().getFirst(), Optional.ofNullable(known), compared, RULES, at);
    }

    private static DetectedIssue resolved(DetectedIssue issue) {
        DetectedIssue next = issue.copy().setStatus(DetectedIssueStatus.FINAL);
        next.addMitigation()
                .setAuthor(new Reference("Practitioner/rn"))
                .getAction()
                .setText("told");
        return next;
    }

    @Test
    void namesNoMedicineItself() {
        before.getMeta().addSecurity(new Coding("urn:labels", "ETHUD", null));
        DetectedIssue issue = of(null, AT);
        assertThat(issue.getStatus()).isEqualTo(DetectedIssueStatus.PRELIMINARY);
        assertThat(issue.getImplicated())
                .extracting(Reference::getReference)
                .containsExactly("MedicationRequest/r0", "MedicationRequest/r1");
        assertThat(issue.getCode().getCoding()).extracting(Coding::getCode).containsExactly("dose-changed", "DOSE");
        assertThat(issue.getPatient().getReference()).isEqualTo("Patient/ada");
        assertThat(issue.getDetail()).doesNotContainIgnoringCase("lisinopril");
        assertThat(issue.getMeta().getSecurity()).extracting(Coding::getCode).containsExactly("ETHUD");
    }

    @Test
    void foundAgainItIsTheSame() {
        DetectedIssue issue = of(null, AT);
        assertThat(of(issue, AT.plusSeconds(60)).equalsDeep(issue)).isTrue();
    }

    @Test
    void whatAPersonResolvedStaysUntilTheFactsChange() {
        DetectedIssue resolved = resolved(of(null, AT));
        assertThat(of(resolved, AT.plusSeconds(60))).isSameAs(resolved);
        after.setDosageInstruction(List.of(dosage("40", "mg", 1)));
        DetectedIssue again = of(resolved, AT.plusSeconds(60));
        assertThat(again.getStatus()).isEqualTo(DetectedIssueStatus.PRELIMINARY);
        assertThat(again.getMitigation()).isEmpty();
        assertThat(again.getIdElement().getIdPart())
                .isEqualTo(resolved.getIdElement().getIdPart());
    }

    @Test
    void whatHoldsNoMoreIsCancelledUnlessAPersonResolvedIt() {
        DetectedIssue issue = of(null, AT);
        DetectedIssue resolved = resolved(issue);
        assertThat(DiscrepancyIssue.gone(issue, stay()).getStatus()).isEqualTo(DetectedIssueStatus.CANCELLED);
        assertThat(DiscrepancyIssue.gone(issue, Prescriptions.stay("ada", StayPeriod.Phase.RETRACTED))
                        .getStatus())
                .isEqualTo(DetectedIssueStatus.ENTEREDINERROR);
        assertThat(DiscrepancyIssue.gone(resolved, stay())).isSameAs(resolved);
        assertThat(of(DiscrepancyIssue.gone(issue, stay()), AT).getStatus()).isEqualTo(DetectedIssueStatus.PRELIMINARY);
    }

    private StayPeriod stay() {
        return ada.compared().stay();
    }

    @Test
    void whatAPersonResolvedFollowsItsStayToThePatientWhoseItIs() {
        DetectedIssue resolved = resolved(of(null, AT));
        resolved.setPatient(new Reference("Patient/bea"));
        DetectedIssue again = of(resolved, AT.plusSeconds(60));
        assertThat(again.getPatient().getReference()).isEqualTo("Patient/ada");
        assertThat(again.getStatus()).isEqualTo(DetectedIssueStatus.FINAL);
        assertThat(again.getMitigation()).hasSize(1);
        assertThat(DiscrepancyIssue.gone(resolved, stay()).getPatient().getReference())
                .isEqualTo("Patient/ada");
        assertThat(DiscrepancyIssue.gone(resolved, stay()).getStatus()).isEqualTo(DetectedIssueStatus.FINAL);
    }

    @Test
    void whatAPersonResolvedIsLabelledAsItsMedicinesAreNow() {
        DetectedIssue resolved = resolved(of(null, AT));
        after.getMeta().addSecurity(new Coding("urn:labels", "PSY", null));
        assertThat(of(resolved, AT).getMeta().getSecurity())
                .extracting(Coding::getCode)
                .containsExactly("PSY");
    }

    @Test
    void whoSendsItWithoutItsLabelsDoesNotOpenIt() {
        before.getMeta().addSecurity(new Coding("urn:labels", "ETHUD", null));
        DetectedIssue issue = of(null, AT);
        issue.getMeta().addTag(new Coding("urn:tags", "of-the-platform", null));
        DetectedIssue sent = resolved(issue);
        sent.setMeta(null);
        DetectedIssue kept = IssueResolution.check(issue, sent, AT);
        assertThat(kept.getMeta().getSecurity()).extracting(Coding::getCode).containsExactly("ETHUD");
        assertThat(kept.getMeta().getTag()).extracting(Coding::getCode).containsExactly("of-the-platform");
        assertThat(kept.getStatus()).isEqualTo(DetectedIssueStatus.FINAL);
    }

    @Test
    void listsThatAreTooLongAskAPerson() {
        Reconciliation tooLong = Reconciliation.tooLong(stay(), Prescriptions.MEDICINES, RULES);
        DetectedIssue issue =
                DiscrepancyIssue.of(tooLong.differences().getFirst(), Optional.empty(), tooLong, RULES, AT);
        assertThat(issue.getCode().getCoding()).extracting(Coding::getCode).containsExactly("not-compared");
        assertThat(issue.getStatus()).isEqualTo(DetectedIssueStatus.PRELIMINARY);
    }
}
