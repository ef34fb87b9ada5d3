package org.careloop.fhirrest;

import java.util.List;
import java.util.Objects;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Meta;

/**
 * Adds and removes profiles, tags and security labels, which are sets: a label is told by its system and code.
 *
 * @see <a href="https://hl7.org/fhir/R4/resource-operation-meta-add.html">FHIR R4 $meta-add</a>
 */
final class MetaLabels {

    private MetaLabels() {}

    static Meta added(Meta meta, Meta given) {
        given.getProfile().stream()
                .filter(profile -> !meta.hasProfile(profile.getValue()))
                .forEach(profile -> meta.addProfile(profile.getValue()));
        add(meta.getTag(), given.getTag());
        add(meta.getSecurity(), given.getSecurity());
        return meta;
    }

    static Meta removed(Meta meta, Meta given) {
        meta.getProfile().removeIf(profile -> given.hasProfile(profile.getValue()));
        meta.getTag().removeIf(tag -> holds(given.getTag(), tag));
        meta.getSecurity().removeIf(label -> holds(given.getSecurity(), label));
        return meta;
    }

    private static void add(List<Coding> labels, List<Coding> given) {
        given.stream().filter(label -> !holds(labels, label)).forEach(label -> labels.add(label.copy()));
    }

    private static boolean holds(List<Coding> labels, Coding label) {
        return labels.stream()
                .anyMatch(each -> Objects.equals(each.getSystem(), label.getSystem())
                        && Objects.equals(each.getCode(), label.getCode()));
    }
}
