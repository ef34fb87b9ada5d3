package org.careloop.careplans.domain.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartnerKindsTest {

    private static final String NUCC = "http://nucc.org/provider-taxonomy";
    private final PartnerKinds kinds = PartnerKinds.shipped();

    @ParameterizedTest
    @CsvSource({
        // home health, skilled nursing, mental health clinic, physiotherapist
        "251E00000X, true, false",
        "314000000X, true, false",
        "261QM0801X, true, false",
        "225100000X, true, false",
        // primary care
        "261QP2300X, true, true",
        // transport, equipment, meals, and what nobody has thought of
        "343900000X, false, false",
        "332B00000X, false, false",
        "332U00000X, false, false",
        "unheard-of, false, false"
    })
    void whatAnActivityAsksForDecides(String service, boolean getsDocument, boolean practice) {
        List<Coding> work = PartnerKinds.kindsOf(Optional.of(activity(service)), task("390906007"));
        assertThat(kinds.getsDocument(work)).isEqualTo(getsDocument);
        assertThat(kinds.isOfPractice(work)).isEqualTo(practice);
    }

    @Test
    void elseItsCodeOrThatOfTheTask() {
        CarePlanActivityComponent visit = new CarePlanActivityComponent();
        visit.getDetail().setCode(new CodeableConcept(new Coding("http://snomed.info/sct", "390906007", null)));
        assertThat(kinds.isOfPractice(PartnerKinds.kindsOf(Optional.of(visit), new Task())))
                .isTrue();
        List<Coding> gone = PartnerKinds.kindsOf(Optional.empty(), task("417511005"));
        assertThat(kinds.getsDocument(gone)).isTrue();
        assertThat(kinds.isOfPractice(gone)).isFalse();
        assertThat(kinds.getsDocument(PartnerKinds.kindsOf(Optional.empty(), new Task())))
                .isFalse();
    }

    @Test
    void aRoleIsAPlaceForItsTimeAlone() {
        // Given
        PractitionerRole role = new PractitionerRole()
                .setPractitioner(new Reference("Practitioner/doe"))
                .setOrganization(new Reference("Organization/clinic"));
        role.setId("r");
        // Then
        WorkPlace always = WorkPlace.of(role, false);
        assertThat(always.standing()).isTrue();
        assertThat(always.starts()).isEmpty();
        assertThat(always.ends()).isEmpty();
        assertThat(WorkPlace.of(role, true).standing()).isFalse();
        // When
        role.getPeriod().getStartElement().setValueAsString("2026-03-01");
        role.getPeriod().getEndElement().setValueAsString("2026-03");
        // Then the last day counts wherever it is
        assertThat(WorkPlace.of(role, false).starts()).contains(Instant.parse("2026-02-28T10:00:00Z"));
        assertThat(WorkPlace.of(role, false).ends()).contains(Instant.parse("2026-04-01T12:00:00Z"));
        role.getPeriod().getEndElement().setValueAsString("2026-03-09T10:00:00-05:00");
        assertThat(WorkPlace.of(role, false).ends()).contains(Instant.parse("2026-03-09T15:00:00Z"));
        // When
        assertThat(WorkPlace.of(role.setActive(false), false).standing()).isFalse();
    }

    private static CarePlanActivityComponent activity(String service) {
        CarePlanActivityComponent activity = new CarePlanActivityComponent();
        activity.getDetail()
                .addExtension(
                        SharedTerms.REQUIRED_SERVICE_EXTENSION, new CodeableConcept(new Coding(NUCC, service, null)));
        return activity;
    }

    private static Task task(String code) {
        return new Task().setReasonCode(new CodeableConcept(new Coding("http://snomed.info/sct", code, null)));
    }
}
