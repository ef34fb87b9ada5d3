package org.careloop.transitions.domain.document;

import java.time.Period;
import java.util.List;
import java.util.Map;
import org.careloop.ruledata.RuleSource;
import org.jspecify.annotations.Nullable;

/**
 * What a transition-of-care document is made of; data, {@code rules/transition-document-1.yaml}.
 *
 * @param mostEntries of one section
 * @param sources what is asked of which service
 * @param referred which types that entries refer to are fetched, and from which service
 * @param sections in the order of the document
 * @param parts of discharge information that a recipient needs
 */
public record DocumentRules(
        String version,
        String source,
        int mostEntries,
        List<Source> sources,
        Map<String, String> referred,
        List<Section> sections,
        List<Part> parts) {

    /**
     * A type of which all that is about the patient is read.
     *
     * @param since how far back from the admission; null for everything
     */
    public record Source(
            String service, String type, @Nullable Period since) {}

    /**
     * A section.
     *
     * @param code of LOINC
     * @param noneKnown codes of statements that there is nothing, as {@code system|code}
     */
    public record Section(
            String key, String code, String display, String title, List<EntryRule> entries, List<String> noneKnown) {

        /** Without statements of absence unless the data name some. */
        public Section {
            noneKnown = noneKnown == null ? List.of() : noneKnown;
        }
    }

    /**
     * A part, which is there when all of {@code sections} say something, when somebody takes part in the stay as one of {@code
     * participants}, or when a diagnosis of the stay has one of the uses {@code diagnoses}.
     *
     * @param ofStay whether what a section says must be of the stay, or that there is nothing
     */
    public record Part(
            String code,
            String title,
            List<String> sections,
            Boolean ofStay,
            List<String> participants,
            List<String> diagnoses) {

        /** Asks for nothing that the data do not name. */
        public Part {
            sections = sections == null ? List.of() : sections;
            participants = participants == null ? List.of() : participants;
            ofStay = ofStay != null && ofStay;
            diagnoses = diagnoses == null ? List.of() : diagnoses;
        }
    }

    /** Returns the rules that come with the service. */
    public static DocumentRules shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static DocumentRules of(RuleSource source) {
        return source.read(DocumentRules.class, "rules/transition-document-1.yaml");
    }
}
