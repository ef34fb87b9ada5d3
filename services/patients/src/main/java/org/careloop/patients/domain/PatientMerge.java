package org.careloop.patients.domain;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.careloop.fhirsearch.Compartment;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Identifier.IdentifierUse;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Patient.LinkType;
import org.hl7.fhir.r4.model.Patient.PatientLinkComponent;
import org.hl7.fhir.r4.model.Reference;

/**
 * What becomes of two Patients that are one person. The source hands its identifiers to the target, so that each finds one Patient;
 * each links to the other, by links that nobody else sets.
 *
 * @see <a href="https://hl7.org/fhir/R4/patient.html#maintenance">FHIR R4: merging records</a>
 */
public final class PatientMerge {

    private PatientMerge() {}

    /** Returns the identifiers of {@code source} that {@code target} lacks, as old ones. */
    public static List<Identifier> handedOver(Patient source, Patient target) {
        return source.getIdentifier().stream()
                .filter(identifier -> target.getIdentifier().stream().noneMatch(own -> same(own, identifier)))
                .map(identifier -> identifier.copy().setUse(IdentifierUse.OLD))
                .toList();
    }

    /** Returns {@code source} as it is once {@code target} (its id) stands for it. */
    public static Patient replaced(Patient source, String target, Instant at) {
        Patient replaced = source.copy();
        replaced.setActive(false).setIdentifier(null);
        replaced.addLink(link(target, LinkType.REPLACEDBY, at));
        return replaced;
    }

    /** Returns {@code target} as it is once it stands for {@code source}. */
    public static Patient survivor(Patient source, Patient target, Instant at) {
        Patient survivor = target.copy();
        handedOver(source, target).forEach(survivor::addIdentifier);
        survivor.addLink(link(source.getIdElement().getIdPart(), LinkType.REPLACES, at));
        return survivor;
    }

    /** Returns {@code replaced} with {@code next} (its id) standing for it, because who did is replaced in turn. */
    public static Patient standingFor(Patient replaced, String next) {
        Patient changed = replaced.copy();
        merged(changed, LinkType.REPLACEDBY).forEach(link -> link.setOther(reference(next)));
        return changed;
    }

    /** Returns {@code replaced} as it stands for itself again: as it was, with what was said of it since. */
    public static Patient restored(Patient replaced, Patient was) {
        Patient restored = replaced.copy();
        restored.getLink().removeAll(merged(restored, LinkType.REPLACEDBY));
        restored.setActiveElement(
                was.hasActiveElement() ? was.getActiveElement().copy() : null);
        restored.setIdentifier(null);
        was.getIdentifier().forEach(identifier -> restored.addIdentifier(identifier.copy()));
        return restored;
    }

    /** Returns those of {@code handedOver} that {@code other}, who was merged into the same, had before as well: they are theirs too. */
    public static List<Identifier> ofBoth(List<Identifier> handedOver, Patient other) {
        return handedOver.stream()
                .filter(identifier -> other.getIdentifier().stream().anyMatch(own -> same(own, identifier)))
                .toList();
    }

    /** Returns {@code survivor} without what it got from {@code source} (its id), the identifiers {@code handedOver}, however they are used now. */
    public static Patient without(Patient survivor, String source, List<Identifier> handedOver) {
        Patient changed = survivor.copy();
        changed.getIdentifier().removeIf(identifier -> handedOver.stream().anyMatch(each -> same(each, identifier)));
        changed.getLink()
                .removeIf(link -> isMerged(link)
                        && link.getType() == LinkType.REPLACES
                        && reference(source)
                                .getReference()
                                .equals(link.getOther().getReference()));
        return changed;
    }

    /** Returns the links of {@code patient} that merges set. */
    public static List<PatientLinkComponent> merged(Patient patient) {
        return patient.getLink().stream().filter(PatientMerge::isMerged).toList();
    }

    /** Returns the id of who stands for {@code patient}. */
    public static Optional<String> survivorOf(Patient patient) {
        return Compartment.survivorOf(patient);
    }

    /** Tells whether two identifiers name the same. */
    static boolean same(Identifier one, Identifier other) {
        return Objects.equals(one.getSystem(), other.getSystem()) && Objects.equals(one.getValue(), other.getValue());
    }

    private static List<PatientLinkComponent> merged(Patient patient, LinkType type) {
        return merged(patient).stream().filter(link -> link.getType() == type).toList();
    }

    private static boolean isMerged(PatientLinkComponent link) {
        return link.hasExtension(Compartment.MERGED);
    }

    private static PatientLinkComponent link(String other, LinkType type, Instant at) {
        PatientLinkComponent link = new PatientLinkComponent(reference(other), null);
        link.setType(type);
        link.addExtension(Compartment.MERGED, new InstantType(Date.from(at)));
        return link;
    }

    private static Reference reference(String id) {
        return new Reference("Patient/" + id);
    }
}
