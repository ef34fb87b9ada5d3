package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.careloop.fhirmodel.FhirProblem;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

class WorkPlacesTest {

    private static final String NPI = "http://hl7.org/fhir/sid/us-npi";

    @Test
    void anAgencyKeepsTheRestOfItsRoles() {
        accepts(change(role -> role.addTelecom().setValue("+1 555 0100")));
        accepts(change(role -> role.addAvailableTime().setAllDay(true)));
        accepts(change(role -> role.setActive(false)));
        accepts(change(role -> role.getPractitioner().setDisplay("Dr Doe")));
        accepts(() -> WorkPlaces.requireSame(Optional.empty(), new PractitionerRole().setActive(true)));
    }

    @Test
    void nobodyMakesThemselvesWhereAPractitionerWorks() {
        refuses(
                change(role -> role.setPractitioner(new Reference("Practitioner/other"))),
                "PractitionerRole.practitioner: set or changed");
        refuses(change(role -> role.setPractitioner(null)), "PractitionerRole.practitioner: set or changed");
        refuses(
                change(role -> role.setOrganization(new Reference("Organization/other"))),
                "PractitionerRole.organization: set or changed");
        refuses(change(role -> role.getPeriod().setEndElement(null).setStart(null)), "PractitionerRole.period");
        refuses(
                () -> WorkPlaces.requireSame(Optional.empty(), role()),
                "PractitionerRole.practitioner: set or changed");
        refuses(() -> WorkPlaces.requireNone(role()), "PractitionerRole: deleted");
    }

    @Test
    void aRoleThatWasEndedStaysSo() {
        PractitionerRole ended = role().setActive(false);
        refuses(
                () -> WorkPlaces.requireSame(Optional.of(ended), role().setActive(true)),
                "PractitionerRole.active: taken up again");
        refuses(
                () -> WorkPlaces.requireSame(Optional.of(ended), role().setActiveElement(null)),
                "PractitionerRole.active: taken up again");
        accepts(() -> WorkPlaces.requireSame(
                Optional.of(new PractitionerRole().setActive(false)), new PractitionerRole().setActive(true)));
    }

    @Test
    void nobodyTakesTheNumberOfAnother() {
        Practitioner known = practitioner("1");
        accepts(() ->
                WorkPlaces.requireSame(Optional.of(known), practitioner("1").setActive(true)));
        refuses(() -> WorkPlaces.requireSame(Optional.of(known), practitioner("2")), "Practitioner.identifier");
        refuses(() -> WorkPlaces.requireSame(Optional.of(known), new Practitioner()), "Practitioner.identifier");
        accepts(() -> WorkPlaces.requireSame(Optional.empty(), practitioner("1")));
        refuses(() -> WorkPlaces.requireNone(known), "Practitioner: deleted");
        Practitioner local = new Practitioner();
        local.addIdentifier().setSystem("urn:staff").setValue("7");
        accepts(() -> WorkPlaces.requireSame(Optional.empty(), local));
        accepts(() -> WorkPlaces.requireNone(local));
    }

    private static ThrowingCallable change(Consumer<PractitionerRole> change) {
        PractitionerRole next = role();
        change.accept(next);
        return () -> WorkPlaces.requireSame(Optional.of(role()), next);
    }

    private static PractitionerRole role() {
        PractitionerRole role = new PractitionerRole()
                .setActive(true)
                .setPractitioner(new Reference("Practitioner/doe"))
                .setOrganization(new Reference("Organization/clinic"));
        role.getPeriod().getStartElement().setValueAsString("2026-01-01");
        return role;
    }

    private static Practitioner practitioner(String npi) {
        Practitioner practitioner = new Practitioner();
        practitioner.addIdentifier().setSystem(NPI).setValue(npi);
        return practitioner;
    }

    private static void accepts(ThrowingCallable check) {
        assertThatCode(check).doesNotThrowAnyException();
    }

    private static void refuses(ThrowingCallable check, String text) {
        assertThatThrownBy(check).isInstanceOf(FhirProblem.class).hasMessageContaining(text);
    }
}
