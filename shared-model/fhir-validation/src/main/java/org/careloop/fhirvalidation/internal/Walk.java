package org.careloop.fhirvalidation.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirvalidation.LiteralReference;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Element;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.UriType;

/** One walk through a resource along the definitions of its type, that collects every fault. Used once. */
public final class Walk {

    /** More than these help nobody, and cost the sender of a spoilt Bundle nothing. */
    private static final int MOST = 200;

    private static final Pattern ID = Pattern.compile("#?[A-Za-z0-9.-]{1,64}");

    private final Definitions definitions;
    private final Place place;
    private final List<FhirProblem.Issue> faults = new ArrayList<>();
    private final List<LiteralReference> references = new ArrayList<>();
    private LocalReferences local = new LocalReferences();
    private Resource resource;

    public Walk(Definitions definitions, String path) {
        this.definitions = definitions;
        this.place = new Place(path);
    }

    /** Returns all faults of {@code whole} and of what it holds, in its order. */
    public List<FhirProblem.Issue> faults(Resource whole) {
        resource = whole;
        resource(whole, false);
        return faults;
    }

    /** What was found by {@link #faults} to refer to a resource of this platform. */
    public List<LiteralReference> references() {
        return references;
    }

    private void resource(Resource next, boolean contained) {
        Resource around = resource;
        LocalReferences outer = local;
        resource = next;
        if (contained) {
            String id = next.getIdElement().getIdPart();
            if (id == null || !ID.matcher(id).matches()) {
                fault("id", "missing or not an id (expected: 1-64 of A-Z a-z 0-9 - .)");
            }
        } else {
            local = new LocalReferences();
        }
        complex(next, definitions.type(next.fhirType()));
        if (!contained) {
            local.judge(next, place.toString(), this::add);
        }
        local = outer;
        resource = around;
    }

    private void complex(Base element, TypeRules rules) {
        for (ElementRule rule : rules.elements()) {
            Base[] values = rule.values(element);
            int count = values == null ? 0 : each(rule, values);
            if (count < rule.min()) {
                fault(rule.name(), "missing (expected: at least " + rule.min() + ")");
            } else if (count > rule.max()) {
                fault(rule.name(), "repeated (expected: at most " + rule.max() + ")");
            }
        }
        judge(rules.invariants(), element);
    }

    /** Returns how many values hold something; HAPI's getters leave empty ones behind, which are not written. */
    private int each(ElementRule rule, Base[] values) {
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            Base value = values[i];
            if (value != null && !value.isEmpty()) {
                count++;
                place.enter(rule.name(), rule.repeats() ? i : -1);
                value(rule, value);
                place.leave();
            }
        }
        return count;
    }

    private void value(ElementRule rule, Base value) {
        if (value instanceof Resource inner) {
            resource(inner, rule.name().equals("contained"));
            return;
        }
        if (rule.types().isChoice() && !rule.types().names().contains(value.fhirType())) {
            fault("a type that may not stand here (expected: "
                    + String.join(", ", rule.types().names().stream().sorted().toList()) + ")");
        }
        if (value.isPrimitive()) {
            primitive(value);
        } else {
            complex(rule, value);
        }
        if (rule.valueSet() != null && !rule.valueSet().holds(value)) {
            fault("not a code that may stand here (expected: one of "
                    + rule.valueSet().url() + ")");
        }
        judge(rule.invariants(), value);
    }

    private void complex(ElementRule rule, Base value) {
        if (rule.children() != null) {
            complex(value, rule.children());
        } else if (value instanceof Narrative narrative) {
            narrative(narrative);
        } else if (definitions.has(value.fhirType())) {
            complex(value, definitions.type(value.fhirType()));
        }
        if (value instanceof Reference reference) {
            reference(reference, rule.types().targets());
        }
    }

    private void primitive(Base value) {
        Primitives.fault(value).ifPresent(expected -> fault("invalid value (expected: " + expected + ")"));
        if (value instanceof UriType uri
                && uri.getValue() != null
                && uri.getValue().startsWith("#")) {
            // A canonical or URI may name a fragment of anything: only that it may refer is noted.
            local.mention(uri.getValue(), resource);
        }
        if (value instanceof Element element && element.hasExtension()) {
            complex(element, definitions.extensionsOfPrimitives());
        }
    }

    private void reference(Reference reference, Set<String> targets) {
        String literal = reference.getReferenceElement_().getValue();
        if (literal == null) {
            return;
        }
        if (literal.startsWith("#")) {
            local.add(place.toString(), literal, targets, resource);
            return;
        }
        Optional<ResourceKey> target = ResourceKey.parse(literal);
        target.ifPresent(key -> references.add(new LiteralReference(place.toString(), key)));
        if (target.isPresent()
                && !targets.isEmpty()
                && !targets.contains(target.get().type())) {
            fault(LocalReferences.expected(targets));
        }
    }

    private void narrative(Narrative narrative) {
        if (!narrative.hasStatus()) {
            fault("status", "missing (expected: at least 1)");
        }
        if (!narrative.hasDiv()) {
            fault("div", "missing (expected: at least 1)");
            return;
        }
        NarrativeRules.fault(narrative.getDiv()).ifPresent(what -> fault("div", what));
    }

    private void judge(List<Invariant> invariants, Base element) {
        for (Invariant invariant : invariants) {
            if (!invariant.rule().holds(element, resource)) {
                fault("breaks " + invariant.key() + " (expected: " + invariant.demand() + ")");
            }
        }
    }

    private void fault(String child, String what) {
        place.enter(child, -1);
        fault(what);
        place.leave();
    }

    private void fault(String what) {
        add(place.toString(), what);
    }

    private void add(String path, String what) {
        if (faults.size() < MOST) {
            faults.add(new FhirProblem.Issue(Optional.of(path), path + ": " + what));
        }
    }
}
