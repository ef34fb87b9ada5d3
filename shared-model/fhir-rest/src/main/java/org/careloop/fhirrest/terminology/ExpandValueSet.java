package org.careloop.fhirrest.terminology;

import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.FhirRestConfig;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirvalidation.Terminology;
import org.careloop.fhirvalidation.Terminology.Concept;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.hl7.fhir.r4.model.UriType;
import org.hl7.fhir.r4.model.ValueSet;
import org.hl7.fhir.r4.model.ValueSet.ValueSetExpansionComponent;
import org.hl7.fhir.r4.model.ValueSet.ValueSetExpansionContainsComponent;

/**
 * All codes of a value set, or those that a filter finds, whole or by pages.
 *
 * @see <a href="https://hl7.org/fhir/R4/valueset-operation-expand.html">FHIR R4 ValueSet $expand</a>
 */
@Singleton
class ExpandValueSet implements TerminologyOperation {

    /** Those after count change nothing: expansions are flat, of active codes, in the language of the definition. */
    private static final String[] PARAMETERS = {
        "url",
        "valueSetVersion",
        "filter",
        "offset",
        "count",
        "activeOnly",
        "displayLanguage",
        "excludeNested",
        "excludeNotForUI",
        "includeDefinition",
        "includeDesignations"
    };

    private final Terminology terminology;
    private final FhirRestConfig config;

    ExpandValueSet(Terminology terminology, FhirRestConfig config) {
        this.terminology = terminology;
        this.config = config;
    }

    @Override
    public String type() {
        return "ValueSet";
    }

    @Override
    public String name() {
        return "expand";
    }

    @Override
    public Resource answer(OperationInput asked) {
        asked.allow(PARAMETERS);
        ValueSet set = ValueSets.asked(asked, terminology);
        int offset = asked.number("offset", 0).orElse(0);
        List<Concept> all = terminology.expand(set).orElseThrow(() -> TerminologyOperation.notHeld("url")).stream()
                .filter(concept -> asked.text("filter")
                        .map(filter -> fits(concept, filter))
                        .orElse(true))
                .toList();
        List<Concept> page = all.stream()
                .skip(offset)
                .limit(asked.number("count", 0).orElse(Integer.MAX_VALUE))
                .toList();
        if (page.size() > config.maxExpansion()) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY,
                    "count: too many codes for one answer (expected: at most " + config.maxExpansion()
                            + "; count, offset or filter help)");
        }
        return expanded(set, asked, all.size(), offset, page);
    }

    /** Each word is in the code or its display, as who types ahead means it. */
    private static boolean fits(Concept concept, String filter) {
        String text = (concept.code() + " " + concept.display().orElse("")).toLowerCase(Locale.ROOT);
        return Arrays.stream(filter.toLowerCase(Locale.ROOT).split("\\s+")).allMatch(text::contains);
    }

    private static ValueSet expanded(ValueSet set, OperationInput asked, int total, int offset, List<Concept> page) {
        ValueSet expanded = new ValueSet();
        expanded.setUrl(set.getUrl())
                .setVersion(set.getVersion())
                .setName(set.getName())
                .setTitle(set.getTitle())
                .setStatus(set.getStatus());
        ValueSetExpansionComponent expansion = expanded.getExpansion()
                .setIdentifier("urn:uuid:" + UUID.randomUUID())
                .setTimestamp(new Date())
                .setTotal(total)
                .setOffset(offset);
        tell(expansion, "url", new UriType(set.getUrl()));
        asked.text("filter").ifPresent(filter -> tell(expansion, "filter", new StringType(filter)));
        asked.number("offset", 0).ifPresent(given -> tell(expansion, "offset", new IntegerType(given)));
        asked.number("count", 0).ifPresent(given -> tell(expansion, "count", new IntegerType(given)));
        for (Concept concept : page) {
            ValueSetExpansionContainsComponent contained =
                    expansion.addContains().setSystem(concept.system()).setCode(concept.code());
            concept.display().ifPresent(contained::setDisplay);
            if (!concept.selectable()) {
                contained.setAbstract(true);
            }
        }
        return expanded;
    }

    private static void tell(ValueSetExpansionComponent expansion, String name, Type value) {
        expansion.addParameter().setName(name).setValue(value);
    }
}
