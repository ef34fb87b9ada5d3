package org.careloop.referrals.domain;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;

/**
 * Who a practitioner is and for whom they work. The medical home of their patients follows from it, and with it who is sent what of a
 * stay, so nobody but who keeps the directory may say it: else an organisation would open records to itself.
 */
public final class WorkPlaces {

    private static final String NPI = "http://hl7.org/fhir/sid/us-npi";
    private static final String KEEPER = "by who does not keep the directory (expected: ";

    private WorkPlaces() {}

    /**
     * Holds that {@code next} says nothing new of who works for whom. Fails with {@link ProblemCode#RULE_VIOLATED}.
     *
     * @param before absent when it is new
     */
    public static void requireSame(Optional<PractitionerRole> before, PractitionerRole next) {
        PractitionerRole was = before.orElseGet(PractitionerRole::new);
        require(
                same(was.getPractitioner(), next.getPractitioner()),
                "PractitionerRole.practitioner",
                "set or changed " + KEEPER + "as it was)");
        require(
                same(was.getOrganization(), next.getOrganization()),
                "PractitionerRole.organization",
                "set or changed " + KEEPER + "as it was)");
        if (isPlace(was)) {
            require(
                    was.getPeriod().equalsDeep(next.getPeriod()),
                    "PractitionerRole.period",
                    "changed " + KEEPER + "as it was)");
            boolean ended = was.hasActive() && !was.getActive();
            require(
                    !ended || next.hasActive() && !next.getActive(),
                    "PractitionerRole.active",
                    "taken up again " + KEEPER + "false)");
        }
    }

    /**
     * Holds that {@code next} has the identifiers that it had. Who is new may have any number: nobody works anywhere until who keeps
     * the directory says so, and every record brings its practitioners along.
     */
    public static void requireSame(Optional<Practitioner> before, Practitioner next) {
        require(
                before.isEmpty() || numbers(before.get().getIdentifier()).equals(numbers(next.getIdentifier())),
                "Practitioner.identifier",
                "changed " + KEEPER + "as it was)");
    }

    /** Holds that nobody loses their medical home when {@code gone} is deleted. */
    public static void requireNone(PractitionerRole gone) {
        require(!isPlace(gone), "PractitionerRole", "deleted " + KEEPER + "active false)");
    }

    /** Holds that nobody loses their medical home when {@code gone} is deleted. */
    public static void requireNone(Practitioner gone) {
        require(
                numbers(gone.getIdentifier()).stream().noneMatch(WorkPlaces::isNpi),
                "Practitioner",
                "deleted " + KEEPER + "it stays)");
    }

    private static boolean isPlace(PractitionerRole role) {
        return !role.getOrganization().isEmpty();
    }

    private static boolean same(Reference before, Reference next) {
        return String.valueOf(before.getReference()).equals(String.valueOf(next.getReference()))
                && before.getIdentifier().equalsDeep(next.getIdentifier());
    }

    private static Set<String> numbers(Collection<Identifier> identifiers) {
        return identifiers.stream()
                .map(identifier -> identifier.getSystem() + "|" + identifier.getValue())
                .collect(Collectors.toSet());
    }

    private static boolean isNpi(String number) {
        return number.startsWith(NPI + "|");
    }

    private static void require(boolean fulfilled, String element, String problem) {
        if (!fulfilled) {
            throw new FhirProblem(ProblemCode.RULE_VIOLATED, element, element + ": " + problem);
        }
    }
}
