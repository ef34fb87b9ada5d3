package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.transitions.app.MakeDocument.Standing;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.PositiveIntType;
import org.hl7.fhir.r4.model.Reference;

/** {@code Encounter/$transition-document}: the document of a discharge as the record is now, for who may read the stay. */
@Singleton
public class TellDocument implements OwnOperation {

    private final ResourceStore store;
    private final MakeDocument makeDocument;

    TellDocument(ResourceStore store, MakeDocument makeDocument) {
        this.store = store;
        this.makeDocument = makeDocument;
    }

    @Override
    public String type() {
        return "Encounter";
    }

    @Override
    public String name() {
        return "transition-document";
    }

    @Override
    public String definition() {
        return "https://careloop.org/fhir/OperationDefinition/Encounter-transition-document";
    }

    /**
     * Returns which document stands and what it lacks, and the document itself where {@code readDocument} opens it. Fails with {@link
     * ProblemCode#RESOURCE_NOT_FOUND} when {@code readStay} does not open the Encounter, with {@link ProblemCode#RULE_VIOLATED} when
     * that is no stay that is followed after its discharge, otherwise as {@link MakeDocument} does.
     */
    public Uni<Parameters> handle(String encounterId, Condition readStay, Condition readDocument) {
        ResourceKey key = ResourceKey.of(type(), encounterId);
        return store.find(key, readStay)
                .invoke(found -> found.filter(stay -> !stay.deleted())
                        .orElseThrow(
                                () -> new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, type() + ": no such resource")))
                .chain(() -> makeDocument.handle(encounterId))
                .map(made -> made.orElseThrow(() -> new FhirProblem(
                        ProblemCode.RULE_VIOLATED,
                        "Encounter.status",
                        "Encounter.status: of no stay that is followed (expected: one that has ended, not long before it was"
                                + " recorded)")))
                .chain(standing -> store.find(ResourceKey.of("Bundle", standing.id()), readDocument)
                        .map(document -> answer(standing, document)));
    }

    private static Parameters answer(Standing standing, Optional<StoredResource> document) {
        Parameters answer = new Parameters();
        answer.addParameter().setName("document").setValue(new Reference("Bundle/" + standing.id()));
        answer.addParameter().setName("version").setValue(new PositiveIntType(standing.number()));
        standing.missing()
                .forEach(code -> answer.addParameter().setName("missing").setValue(new CodeType(code)));
        document.ifPresent(found -> answer.addParameter().setName("return").setResource(found.as(Bundle.class)));
        return answer;
    }
}
