package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.careloop.careplans.domain.notice.Notice;
import org.careloop.careplans.store.Notices;
import org.careloop.careplans.store.Notices.Content;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** A document that a person sends is marked and noted as one that the platform sends: it is taken back with the document. */
@Singleton
class SendByHand {

    private final Notices notices;
    private final MedicalHomes medicalHomes;

    SendByHand(Notices notices, MedicalHomes medicalHomes) {
        this.notices = notices;
        this.medicalHomes = medicalHomes;
    }

    /**
     * Returns {@code next}, a document to one Organization, marked by what that is to the patient, and by the parts that a document of the
     * platform holds, whatever is said of it. Fails with {@link ProblemCode#RULE_VIOLATED} when the document was withdrawn.
     */
    Uni<Resource> mark(Communication next, UnitOfWork unit) {
        Optional<String> patient = patient(next);
        // Who withdraws the document waits, and then finds that it was sent.
        return patient.map(id -> PatientStays.alone(id, unit))
                .orElseGet(() -> Uni.createFrom().voidItem())
                .chain(() -> notices.content(document(next), unit))
                .invoke(known -> known.ifPresent(content -> {
                    requireStanding(content);
                    Notice.setParts(next, content.parts());
                }))
                .chain(() -> patient.map(id -> homes(id, unit))
                        .orElseGet(() -> Uni.createFrom().item(List.of())))
                .map(homes -> {
                    next.getExtension().removeIf(each -> SharedTerms.RECIPIENT_KIND_EXTENSION.equals(each.getUrl()));
                    next.addExtension(Notice.kind(
                            homes.contains(next.getRecipientFirstRep().getReference())));
                    return next;
                });
    }

    private Uni<List<String>> homes(String patientId, UnitOfWork unit) {
        return PatientStays.read(patientId, unit)
                .chain(stays -> stays.patient()
                        .map(patient -> medicalHomes.of(patient, unit))
                        .orElseGet(() -> Uni.createFrom().item(List.of())));
    }

    /** Notes that {@code sent} was sent. */
    Uni<Void> note(Communication sent, UnitOfWork unit) {
        return patient(sent)
                .map(patient -> notices.addByHand(
                        document(sent),
                        patient,
                        sent.getRecipientFirstRep().getReference(),
                        sent.getIdElement().getIdPart(),
                        unit))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    /** Notes that {@code sent} was taken back by somebody, if it was sent by somebody. */
    Uni<Void> takenBack(Communication sent, UnitOfWork unit) {
        return notices.takenBackByHand(sent.getIdElement().getIdPart(), unit);
    }

    private static Optional<String> patient(Communication communication) {
        return ResourceKey.parse(String.valueOf(communication.getSubject().getReference()))
                .map(key -> key.id().value());
    }

    /** The id of the Bundle is that of the Composition. */
    private static String document(Communication communication) {
        String bundle = ((Reference) communication.getPayloadFirstRep().getContent()).getReference();
        return ResourceKey.parse(bundle).orElseThrow().id().value();
    }

    private static void requireStanding(Content content) {
        if (!content.standing()) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    "Communication.payload",
                    "Communication.payload: a document that was withdrawn (expected: one that stands)");
        }
    }
}
