package org.careloop.transitions.domain.document;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.hl7.fhir.r4.model.Composition.DocumentConfidentiality;
import org.hl7.fhir.r4.model.Composition.DocumentRelationshipType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * Makes the transition-of-care document of a stay from what is known of the patient. Composition and Bundle have one id, derived from
 * the stay and the number of the version.
 */
public final class TransitionDocument {

    private static final String TITLE = "Transition of care document";
    private static final String ACT_CLASSES = "http://terminology.hl7.org/CodeSystem/v3-ActClass";

    /** Said in every document, whether or not anything was left out: who reads it cannot tell. */
    private static final String NOTE =
            "Made from what the record holds. What the law or the patient's wish restricts is not part of such documents.";

    private final DocumentRules rules;
    private final String base;

    /** @param base the address of this server, for the full URLs */
    public TransitionDocument(DocumentRules rules, String base) {
        this.rules = rules;
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    /**
     * What a document is made from.
     *
     * @param resources all that is known besides
     */
    public record Known(Patient patient, DischargedStay stay, Collection<? extends Resource> resources) {}

    /**
     * Which version of the document of a stay it is.
     *
     * @param number 1 for the first
     * @param replaced id of the version in whose place it comes
     */
    public record Edition(int number, Optional<String> replaced, Instant made) {}

    /**
     * A document.
     *
     * @param missing codes of the parts of discharge information that are not in it
     * @param withheld what is known and not shown in it, as {@code Type/id}; for who makes it, never said in it
     * @param print the same for documents that say the same
     */
    public record Made(
            Composition composition, Bundle bundle, List<String> missing, List<String> withheld, String print) {}

    /** The id of Composition and Bundle. */
    public static FhirId idOf(String encounterId, int number) {
        return FhirId.derivedFrom(encounterId, "transition-document", Integer.toString(number));
    }

    /** Returns the document. */
    public Made of(Known known, Edition edition) {
        Map<String, Resource> shown = new LinkedHashMap<>();
        List<Resource> restricted = new ArrayList<>();
        Set<String> withheld = new TreeSet<>();
        for (Resource resource : known.resources()) {
            if (Withheld.isRestricted(resource)) {
                restricted.add(resource);
                withheld.add(referenceTo(resource));
            } else if (Withheld.isError(resource)) {
                withheld.add(referenceTo(resource));
            } else {
                shown.put(referenceTo(resource), resource);
            }
        }
        Encounter stay = Withheld.isRestricted(known.stay().encounter())
                ? Withheld.withoutReasons(known.stay().encounter())
                : known.stay().encounter().copy();
        stay.getDiagnosis()
                .removeIf(
                        diagnosis -> !shown.containsKey(diagnosis.getCondition().getReference()));
        shown.put(referenceTo(stay), stay);
        List<SectionContent> sections = rules.sections().stream()
                .map(section -> SectionContent.of(
                        section, List.copyOf(shown.values()), restricted, known.stay(), rules.mostEntries()))
                .toList();
        Map<String, Resource> included = Included.of(known, stay, shown, sections);
        List<String> missing = new DischargeInformation(rules.parts()).missing(known.stay(), stay, sections);
        Composition composition = composition(known, edition, sections, included, missing);
        Bundle bundle = bundle(composition, included, edition);
        return new Made(composition, bundle, missing, List.copyOf(withheld), print(bundle));
    }

    private Composition composition(
            Known known,
            Edition edition,
            List<SectionContent> sections,
            Map<String, Resource> included,
            List<String> missing) {
        DischargedStay stay = known.stay();
        Reference custodian = new Reference("Organization/" + stay.custodian());
        Composition composition = new Composition()
                .setStatus(CompositionStatus.FINAL)
                .setType(new CodeableConcept(
                        new Coding("http://loinc.org", SharedTerms.TRANSITION_DOCUMENT_TYPE, "Transfer summary note")))
                .setSubject(new Reference(referenceTo(known.patient())))
                .setEncounter(new Reference(stay.reference()))
                .setDateElement(FhirTime.dateTime(edition.made(), stay.zone()))
                .setTitle(TITLE)
                .setConfidentiality(DocumentConfidentiality.N)
                .setCustodian(custodian.copy());
        composition.setId(idOf(stay.id(), edition.number()).value());
        composition.setLanguage("en");
        composition.setText(SectionText.sentence(TITLE + ". " + NOTE));
        composition.setIdentifier(identifier(stay, edition)).addAuthor(custodian);
        edition.replaced()
                .ifPresent(id -> composition
                        .addRelatesTo()
                        .setCode(DocumentRelationshipType.REPLACES)
                        .setTarget(new Reference("Composition/" + id)));
        composition
                .addEvent()
                .addCode(new CodeableConcept(new Coding(ACT_CLASSES, "PCPR", "care provision")))
                .setPeriod(stay.encounter().getPeriod().copy())
                .addDetail(new Reference(stay.reference()));
        rules.parts().stream()
                .filter(part -> !missing.contains(part.code()))
                .forEach(part -> composition.addExtension(
                        SharedTerms.DISCHARGE_INFORMATION_PART_EXTENSION,
                        new Coding(SharedTerms.DISCHARGE_INFORMATION_PART_SYSTEM, part.code(), part.title())));
        sections.forEach(section -> composition.addSection(section.component(included)));
        return composition;
    }

    private static Identifier identifier(DischargedStay stay, Edition edition) {
        return new Identifier()
                .setSystem(SharedTerms.TRANSITION_DOCUMENT_SYSTEM)
                .setValue(stay.id() + "/" + edition.number());
    }

    private Bundle bundle(Composition composition, Map<String, Resource> included, Edition edition) {
        Bundle bundle = new Bundle()
                .setType(BundleType.DOCUMENT)
                .setTimestamp(Date.from(edition.made()))
                .setIdentifier(composition.getIdentifier().copy());
        bundle.setId(composition.getIdElement().getIdPart());
        bundle.setLanguage(composition.getLanguage());
        add(bundle, composition.copy());
        included.values().forEach(resource -> add(bundle, resource));
        return bundle;
    }

    private void add(Bundle bundle, Resource resource) {
        bundle.addEntry().setFullUrl(base + "/" + referenceTo(resource)).setResource(resource);
    }

    private static String print(Bundle bundle) {
        Bundle same = bundle.copy();
        same.setId((String) null);
        same.setIdentifier(null).setTimestamp(null);
        same.getEntryFirstRep().setFullUrl(null);
        Composition composition = (Composition) same.getEntryFirstRep().getResource();
        composition.setId((String) null);
        composition.setIdentifier(null).setDate(null).setRelatesTo(null);
        return FhirId.derivedFrom(new String(FhirJson.write(same), StandardCharsets.UTF_8))
                .value();
    }

    /** Returns {@code composition} as it is when the discharge was none. */
    public static Composition withdrawn(Composition composition) {
        return composition.copy().setStatus(CompositionStatus.ENTEREDINERROR);
    }

    /** Returns {@code document} as it is when the discharge was none. */
    public static Bundle withdrawn(Bundle document) {
        Bundle copy = document.copy();
        if (copy.hasEntry() && copy.getEntryFirstRep().getResource() instanceof Composition composition) {
            copy.getEntryFirstRep().setResource(withdrawn(composition));
        }
        return copy;
    }

    static String referenceTo(Resource resource) {
        return resource.fhirType() + "/" + resource.getIdElement().getIdPart();
    }
}
