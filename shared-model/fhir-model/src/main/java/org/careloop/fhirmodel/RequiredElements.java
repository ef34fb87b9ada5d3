package org.careloop.fhirmodel;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IBase;
import org.hl7.fhir.r4.model.Resource;

/** Checks that the elements which FHIR R4 requires (minimum cardinality 1) are there, at every depth. */
public final class RequiredElements {

    private RequiredElements() {}

    /** Fails with {@link ProblemCode#INVALID_RESOURCE} and names every missing element. */
    public static void check(Resource resource) {
        List<FhirProblem.Issue> issues = new ArrayList<>();
        walk(resource, resource.fhirType(), issues);
        if (!issues.isEmpty()) {
            throw new FhirProblem(ProblemCode.INVALID_RESOURCE, issues);
        }
    }

    private static void walk(IBase element, String path, List<FhirProblem.Issue> issues) {
        BaseRuntimeElementDefinition<?> definition = FhirJson.context().getElementDefinition(element.getClass());
        if (!(definition instanceof BaseRuntimeElementCompositeDefinition<?> composite)) {
            return;
        }
        for (BaseRuntimeChildDefinition child : composite.getChildren()) {
            List<IBase> values = child.getAccessor().getValues(element);
            String childPath = path + "." + child.getElementName().replace("[x]", "");
            if (child.getMin() > 0 && values.stream().allMatch(value -> value == null || value.isEmpty())) {
                issues.add(new FhirProblem.Issue(
                        Optional.of(childPath), childPath + ": missing (expected: at least " + child.getMin() + ")"));
            }
            for (int i = 0; i < values.size(); i++) {
                IBase value = values.get(i);
                if (value != null && !value.isEmpty()) {
                    walk(value, child.getMax() == 1 ? childPath : childPath + "[" + i + "]", issues);
                }
            }
        }
    }
}
