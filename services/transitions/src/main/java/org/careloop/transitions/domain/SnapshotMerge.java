package org.careloop.transitions.domain;

import java.util.Set;
import org.hl7.fhir.r4.model.BackboneElement;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Resource;

/**
 * Lays what a message says over what is stored: present replaces, absent leaves, cleared removes.
 *
 * <p>Identifiers are only ever added to: a sender that leaves out another assigner's number does not revoke it.
 */
public final class SnapshotMerge {

    /** How what is told meets what is stored. */
    public enum Details {
        /** It is the newest: what it says replaces, what it leaves out stays. */
        REPLACE,
        /** It is older: it only fills what is absent. */
        FILL_ABSENT
    }

    private SnapshotMerge() {}

    /**
     * Returns a new resource; neither argument changes. The result has the id and meta of {@code stored}, with
     * the security labels of both: a label is lifted by a person, not by a message that leaves it out.
     *
     * @param cleared elements that the sender emptied, as paths from the type on ({@code Patient.telecom})
     * @param details whether the message is the newest word or only fills what is absent
     */
    @SuppressWarnings("unchecked")
    public static <T extends Resource> T merge(T stored, T told, Set<String> cleared, Details details) {
        boolean newest = details == Details.REPLACE;
        T over = (T) (newest ? told : stored).copy();
        Base under = newest ? stored : told;
        complete(over, under, newest ? cleared : Set.of(), stored.fhirType());
        keepKnownGender(over, stored);
        over.setIdElement(stored.getIdElement());
        over.setMeta(stored.getMeta().copy());
        told.getMeta().getSecurity().stream()
                .filter(label -> over.getMeta().getSecurity(label.getSystem(), label.getCode()) == null)
                .forEach(label -> over.getMeta().addSecurity(label.copy()));
        return over;
    }

    /** A message without a gender says unknown, because a patient has to have one; that is not news. */
    private static void keepKnownGender(Resource over, Resource stored) {
        if (over instanceof Patient after
                && stored instanceof Patient before
                && after.getGender() == AdministrativeGender.UNKNOWN
                && before.hasGender()) {
            after.setGender(before.getGender());
        }
    }

    /** Adds to {@code over} what it lacks and {@code under} has. */
    private static void complete(Base over, Base under, Set<String> cleared, String path) {
        for (Property property : under.children()) {
            String name = property.getName();
            String here = path + "." + name.replace("[x]", "");
            if (!property.hasValues() || name.equals("id") || name.equals("meta") || cleared.contains(here)) {
                continue;
            }
            Property present = over.getChildByName(name);
            if (present == null || !present.hasValues()) {
                property.getValues().forEach(value -> over.setProperty(name, copy(value)));
            } else if (name.equals("identifier")) {
                addMissingIdentifiers(over, present, property);
            } else if (isNested(property)) {
                complete(present.getValues().getFirst(), property.getValues().getFirst(), cleared, here);
            }
        }
    }

    private static boolean isNested(Property property) {
        Base value = property.getValues().getFirst();
        return property.getMaxCardinality() == 1 && (value instanceof BackboneElement || value instanceof Period);
    }

    private static void addMissingIdentifiers(Base over, Property present, Property candidates) {
        for (Base candidate : candidates.getValues()) {
            boolean known = present.getValues().stream().anyMatch(one -> isSame(one, candidate));
            if (!known) {
                over.setProperty("identifier", copy(candidate));
            }
        }
    }

    private static boolean isSame(Base one, Base other) {
        return one instanceof Identifier first
                && other instanceof Identifier second
                && first.getValue().equals(second.getValue())
                && String.valueOf(first.getSystem()).equals(String.valueOf(second.getSystem()));
    }

    private static Base copy(Base value) {
        return value.copy();
    }
}
