package org.careloop.careplans.protocols;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.careloop.careplans.domain.DischargeFacts;
import org.careloop.careplans.domain.Protocol;
import org.careloop.careplans.domain.ProtocolSelection;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.ActivityDefinition;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.PlanDefinition.PlanDefinitionActionComponent;
import org.hl7.fhir.r4.model.Resource;

/**
 * All protocols of this service and the rules that choose among them. Immutable; a fault in the data stops the start.
 */
public final class ProtocolLibrary {

    private static final String ROOT = "/protocols/";

    private final ProtocolSelection selection;
    private final Map<String, Protocol> protocols;
    private final Map<String, ActivityDefinition> activities;
    private final List<Resource> definitions;

    private ProtocolLibrary(
            ProtocolSelection selection,
            Map<String, Protocol> protocols,
            Map<String, ActivityDefinition> activities,
            List<Resource> definitions) {
        this.selection = selection;
        this.protocols = protocols;
        this.activities = activities;
        this.definitions = definitions;
    }

    /**
     * Reads the protocols that come with the service; fails with IllegalArgumentException (or FhirProblem, for what is
     * not FHIR) when a file is missing or says what no rule knows.
     */
    public static ProtocolLibrary bundled() {
        ProtocolSelection selection = SelectionFile.read(bytes("selection.yaml"));
        Map<String, Protocol> protocols = new LinkedHashMap<>();
        Map<String, ActivityDefinition> activities = new LinkedHashMap<>();
        List<Resource> plans = new ArrayList<>();
        for (String id : selection.rules().stream()
                .map(ProtocolSelection.Rule::protocol)
                .distinct()
                .toList()) {
            PlanDefinition plan = FhirJson.parse(PlanDefinition.class, bytes(id + ".json"));
            plan.getAction().forEach(action -> addDefinition(action, activities));
            protocols.put(id, Protocol.of(plan, activities));
            plans.add(plan);
        }
        plans.addAll(activities.values());
        return new ProtocolLibrary(selection, protocols, activities, List.copyOf(plans));
    }

    /** The version of the rules that choose. */
    public String version() {
        return selection.version();
    }

    /** Returns the protocols that apply to {@code facts}, the general one first. */
    public List<Protocol> protocolsFor(DischargeFacts facts) {
        return selection.protocolsFor(facts).stream().map(protocols::get).toList();
    }

    /** Whether the ActivityDefinition {@code canonical}, url and version, comes with the service. */
    public boolean has(String canonical) {
        return activities.containsKey(canonical);
    }

    /**
     * Reads a protocol that does not come with the service. Fails with IllegalArgumentException as {@link Protocol#of} does.
     *
     * @param others ActivityDefinitions that do not come with the service either, by url and version
     */
    public Protocol read(PlanDefinition plan, Map<String, ActivityDefinition> others) {
        Map<String, ActivityDefinition> all = new LinkedHashMap<>(others);
        all.putAll(activities);
        return Protocol.of(plan, all);
    }

    /** Copies of the PlanDefinitions and ActivityDefinitions, to be served as resources. */
    public List<Resource> definitions() {
        return definitions.stream().map(Resource::copy).toList();
    }

    /** The file of {@code .../ActivityDefinition/<id>|<version>} is {@code activity/<id>.json}. */
    private static void addDefinition(
            PlanDefinitionActionComponent action, Map<String, ActivityDefinition> activities) {
        String canonical = action.getDefinitionCanonicalType().getValue();
        String id = canonical.substring(canonical.lastIndexOf('/') + 1).split("\\|")[0];
        ActivityDefinition definition = FhirJson.parse(ActivityDefinition.class, bytes("activity/" + id + ".json"));
        activities.put(definition.getUrl() + "|" + definition.getVersion(), definition);
    }

    private static byte[] bytes(String name) {
        try (InputStream file = ProtocolLibrary.class.getResourceAsStream(ROOT + name)) {
            if (file == null) {
                throw new IllegalArgumentException("protocols/" + name + ": missing (expected: on the class path)");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
