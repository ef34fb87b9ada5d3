package org.careloop.referrals.domain.hsds;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.ruledata.RuleSource;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.HealthcareService;
import org.jspecify.annotations.Nullable;

/**
 * Which kinds of service the terms of a taxonomy are: {@code rules/hsds-terms.yaml}. The term itself is kept beside them, by
 * its taxonomy where that is a URI, otherwise as the source's own.
 */
public final class HsdsTerms {

    /** Where a kind stands in a HealthcareService. */
    enum As {
        TYPE,
        CATEGORY
    }

    record Term(
            @Nullable List<String> names,
            @Nullable List<String> codes,
            As as,
            String system,
            String code,
            String display) {
        boolean matches(Optional<String> ofCode, Optional<String> ofName) {
            return isIn(codes, ofCode) || isIn(names, ofName);
        }

        private static boolean isIn(@Nullable List<String> words, Optional<String> word) {
            return words != null
                    && word.filter(each -> words.stream().anyMatch(each::equalsIgnoreCase))
                            .isPresent();
        }
    }

    record Rules(String version, List<Term> terms) {}

    private final Rules rules;

    HsdsTerms(Rules rules) {
        this.rules = rules;
    }

    /** Returns the rules that this product ships. */
    public static HsdsTerms shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static HsdsTerms of(RuleSource source) {
        return new HsdsTerms(source.read(Rules.class, "rules/hsds-terms.yaml"));
    }

    /** Adds to {@code service} what {@code term}, a row of taxonomy terms, says of it. */
    void add(HealthcareService service, HsdsRow term, HsdsSource source) {
        Optional<String> code = term.get("code").or(term::id);
        Optional<String> name = term.get("name").or(() -> term.get("term"));
        String taxonomy = Stream.of(term.get("term_uri"), term.get("taxonomy"))
                .flatMap(Optional::stream)
                .filter(each -> each.toLowerCase(Locale.ROOT).matches("(https?://|urn:).+"))
                .findFirst()
                .orElse(source.system() + "/term");
        CodeableConcept own = new CodeableConcept();
        code.ifPresent(each -> own.addCoding(new Coding(taxonomy, each, name.orElse(null))));
        name.ifPresent(own::setText);
        List<Term> known =
                rules.terms().stream().filter(each -> each.matches(code, name)).toList();
        known.forEach(each -> {
            Coding coding = new Coding(each.system(), each.code(), each.display());
            switch (each.as()) {
                case TYPE -> own.addCoding(coding);
                case CATEGORY -> addOnce(service.getCategory(), new CodeableConcept(coding));
            }
        });
        addOnce(service.getType(), own);
    }

    private static void addOnce(List<CodeableConcept> concepts, CodeableConcept concept) {
        if (concepts.stream().noneMatch(each -> each.equalsDeep(concept))) {
            concepts.add(concept);
        }
    }
}
