package org.careloop.transitions.domain.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.domain.document.KnownRecord.BASE;
import static org.careloop.transitions.domain.document.KnownRecord.NOW;
import static org.careloop.transitions.domain.document.KnownRecord.allergy;
import static org.careloop.transitions.domain.document.KnownRecord.condition;
import static org.careloop.transitions.domain.document.KnownRecord.json;
import static org.careloop.transitions.domain.document.KnownRecord.noKnownAllergy;
import static org.careloop.transitions.domain.document.KnownRecord.section;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.transitions.domain.document.TransitionDocument.Edition;
import org.careloop.transitions.domain.document.TransitionDocument.Made;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;

/** What a document does not show, and to whom it is not sent unasked. */
class WithheldTest {

    private static final String CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

    private final KnownRecord ada = new KnownRecord();
    private final List<Resource> record = ada.resources();
    private final Encounter stay = ada.stay();

    @Test
    void aStatementOfNothingIsNotTakenUpBesideSomething() {
        // Given
        record.add(noKnownAllergy());
        record.add(allergy("a1"));
        // When
        Made made = ada.made();
        // Then
        assertThat(section(made, "48765-2").hasEmptyReason()).isFalse();
        assertThat(section(made, "48765-2").getEntry())
                .singleElement()
                .satisfies(entry -> assertThat(entry.getReference()).isEqualTo("AllergyIntolerance/a1"));
        // When the other is withheld
        record.removeLast();
        AllergyIntolerance restricted = allergy("a2");
        restricted.getMeta().addSecurity(CONFIDENTIALITY, "R", null);
        record.add(restricted);
        // Then
        assertThat(section(ada.made(), "48765-2")
                        .getEmptyReason()
                        .getCodingFirstRep()
                        .getCode())
                .isEqualTo("unavailable");
    }

    @Test
    void whatIsRestrictedSensitiveOrAnErrorStaysOut() {
        // Given
        AllergyIntolerance restricted = allergy("restricted");
        restricted.getMeta().addSecurity(CONFIDENTIALITY, "V", null);
        Condition sensitive = condition("sensitive");
        sensitive.getMeta().addSecurity("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PSY", null);
        Procedure error = new Procedure();
        error.setId("error");
        error.setStatus(Procedure.ProcedureStatus.ENTEREDINERROR);
        Condition refuted = condition("refuted");
        refuted.getVerificationStatus().addCoding().setCode("entered-in-error");
        record.addAll(List.of(restricted, sensitive, error, refuted));
        stay.addDiagnosis().setCondition(new Reference("Condition/sensitive"));
        stay.getMeta().addSecurity("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PSY", null);
        stay.addReasonCode().setText("secret reason");
        // When
        Made made = ada.made();
        // Then
        String json = json(made);
        assertThat(json)
                .doesNotContain("restricted\"", "sensitive", "refuted", "secret reason", "Procedure/error")
                .contains("SUBSETTED");
        assertThat(made.withheld())
                .containsExactly(
                        "AllergyIntolerance/restricted", "Condition/refuted", "Condition/sensitive", "Procedure/error");
        // And who reads it cannot tell
        record.clear();
        stay.getMeta().getSecurity().clear();
        stay.setReasonCode(null).setDiagnosis(null);
        assertThat(ada.made().composition().getText().getDivAsString())
                .isEqualTo(made.composition().getText().getDivAsString());
    }

    @Test
    void whatAStayContainsComesWithItButForItsReasonsWhereTheyAreSensitive() {
        // Given
        Encounter parsed = FhirJson.parse(Encounter.class, """
                {"resourceType":"Encounter","id":"stay","status":"finished","class":{"code":"IMP"},
                 "contained":[{"resourceType":"Practitioner","id":"who","name":[{"family":"Chen"}]},
                  {"resourceType":"Condition","id":"why","code":{"text":"secret"},"subject":{"reference":"Patient/ada"}}],
                 "subject":{"reference":"Patient/ada"},"participant":[{"individual":{"reference":"#who"}}],
                 "reasonReference":[{"reference":"#why"}]}""".getBytes(StandardCharsets.UTF_8));
        TransitionDocument document = new TransitionDocument(DocumentRules.shipped(), BASE);
        // When
        String open = json(document.of(ada.known(parsed), new Edition(1, Optional.empty(), NOW)));
        parsed.getMeta().addSecurity("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PSY", null);
        String shut = json(document.of(ada.known(parsed), new Edition(1, Optional.empty(), NOW)));
        // Then
        assertThat(open).contains("\"family\":\"Chen\"", "#who", "secret");
        assertThat(shut).contains("\"family\":\"Chen\"", "#who").doesNotContain("secret", "#why");
    }

    @Test
    void aConsentThatDeniesSomethingKeepsItFromBeingSentUnasked() {
        // Given
        Consent consent = (Consent) FhirJson.parse("""
                {"resourceType":"Consent","id":"c","status":"active",
                 "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
                 "category":[{"coding":[{"code":"59284-0","system":"http://loinc.org"}]}],
                 "patient":{"reference":"Patient/ada"},
                 "policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPTIN"}]},
                 "provision":{"type":"deny","class":[{"system":"http://hl7.org/fhir/resource-types","code":"Observation"}],
                  "actor":[{"role":{"text":"agency"},"reference":{"reference":"Organization/safe-rides"}}]}}""".getBytes(StandardCharsets.UTF_8));
        // Then
        assertThat(Disclosure.limits(List.of(consent)).stream().map(Coding::getCode))
                .contains("safe-rides");
        assertThat(Disclosure.limits(List.of())).isEmpty();
    }
}
