package org.careloop.referrals.domain.hsds;

import java.util.Map;
import java.util.Set;
import org.careloop.referrals.domain.Capacity;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Resource;

/**
 * What an import makes of a resource that is there already. Elements that HSDS tells are the source's, whatever was edited here
 * since; all others, such as endpoints or a capacity that the source does not tell, stay as they are.
 */
public final class HsdsMerge {

    private static final Map<String, Set<String>> OF_HSDS = Map.of(
            "Organization", Set.of("active", "name", "alias", "telecom", "partOf"),
            "Location",
                    Set.of(
                            "status",
                            "name",
                            "alias",
                            "description",
                            "telecom",
                            "address",
                            "position",
                            "managingOrganization"),
            "HealthcareService",
                    Set.of(
                            "active",
                            "providedBy",
                            "category",
                            "type",
                            "location",
                            "name",
                            "comment",
                            "extraDetails",
                            "telecom",
                            "coverageArea",
                            "eligibility",
                            "program",
                            "communication",
                            "availableTime",
                            "notAvailable"));

    private HsdsMerge() {}

    /** Returns {@code imported} with what {@code known}, of the same type, has beyond what HSDS tells. */
    public static Resource of(Resource known, Resource imported) {
        if (!(imported instanceof DomainResource next) || !OF_HSDS.containsKey(imported.fhirType())) {
            return imported;
        }
        Set<String> told = OF_HSDS.get(imported.fhirType());
        for (Property property : known.children()) {
            for (Base value : property.getValues()) {
                if (!told.contains(property.getName()) && isKept(value, next)) {
                    next.setProperty(property.getName(), value);
                }
            }
        }
        return next;
    }

    private static boolean isKept(Base value, DomainResource next) {
        return switch (value) {
            case Identifier identifier ->
                next.getNamedProperty("identifier").getValues().stream()
                        .noneMatch(own -> ((Identifier) own).getSystem().equals(identifier.getSystem()));
            case Extension extension ->
                !extension.getUrl().equals(Capacity.EXTENSION)
                        || next.getExtensionsByUrl(Capacity.EXTENSION).isEmpty();
            default -> true;
        };
    }
}
