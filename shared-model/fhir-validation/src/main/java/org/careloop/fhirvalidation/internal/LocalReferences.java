package org.careloop.fhirvalidation.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Resource;

/** The references of one resource to those it contains, judged when all of it has been seen: ref-1, dom-2 to dom-5. */
final class LocalReferences {

    private record Found(String path, String id, Set<String> targets) {}

    private final List<Found> found = new ArrayList<>();
    private final Set<String> mentioned = new HashSet<>();
    private final Set<Resource> referToContainer = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Notes a reference {@code #id}; {@code within} is the resource, perhaps a contained one, that it stands in. */
    void add(String path, String reference, Set<String> targets, Resource within) {
        if (reference.equals("#")) {
            referToContainer.add(within);
        } else {
            found.add(new Found(path, reference.substring(1), targets));
        }
    }

    /** Notes a URI that starts with {@code #}: it may be of a contained resource, or of something else. */
    void mention(String uri, Resource within) {
        if (uri.equals("#")) {
            referToContainer.add(within);
        } else {
            mentioned.add(uri.substring(1));
        }
    }

    /** Tells {@code faults}, each with its path, of {@code container}, which is at {@code path}. */
    void judge(Resource container, String path, BiConsumer<String, String> faults) {
        List<Resource> contained = container instanceof DomainResource domain ? domain.getContained() : List.of();
        Map<String, Resource> byId = new HashMap<>();
        contained.forEach(each -> byId.put(id(each), each));
        Set<String> referenced = new HashSet<>(mentioned);
        for (Found reference : found) {
            Resource target = byId.get(reference.id());
            if (target == null) {
                faults.accept(reference.path(), "breaks ref-1 (expected: # and the id of a contained resource)");
            } else if (!reference.targets().isEmpty() && !reference.targets().contains(target.fhirType())) {
                faults.accept(reference.path(), expected(reference.targets()));
            }
            referenced.add(reference.id());
        }
        for (int i = 0; i < contained.size(); i++) {
            judge(contained.get(i), path + ".contained[" + i + "]", referenced, faults);
        }
    }

    private void judge(Resource contained, String path, Set<String> referenced, BiConsumer<String, String> faults) {
        if (!referenced.contains(id(contained)) && !referToContainer.contains(contained)) {
            faults.accept(path, "breaks dom-3 (expected: a reference to it, or from it to the resource around)");
        }
        if (contained instanceof DomainResource domain && domain.hasContained()) {
            faults.accept(path, "breaks dom-2 (expected: no contained resources in a contained one)");
        }
        if (contained.hasMeta()
                && (contained.getMeta().hasVersionId() || contained.getMeta().hasLastUpdated())) {
            faults.accept(path, "breaks dom-4 (expected: no versionId, no lastUpdated)");
        }
        if (contained.hasMeta() && contained.getMeta().hasSecurity()) {
            faults.accept(path, "breaks dom-5 (expected: no security label)");
        }
    }

    /** What a reference to another type is told. */
    static String expected(Set<String> targets) {
        return "refers to a type that may not stand here (expected: "
                + String.join(", ", targets.stream().sorted().toList()) + ")";
    }

    private static String id(Resource contained) {
        String id = contained.getIdElement().getIdPart();
        return id == null ? "" : id.startsWith("#") ? id.substring(1) : id;
    }
}
