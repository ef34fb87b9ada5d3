package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.careloop.careplans.domain.notice.NoticeCourse.Document;
import org.careloop.careplans.store.Notices;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;

/** Notes which document of a transition stands, and has it sent, or taken back. */
@Singleton
public class FollowDocument {

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    private final Notices notices;
    private final SendNotices sendNotices;

    FollowDocument(Notices notices, SendNotices sendNotices) {
        this.notices = notices;
        this.sendNotices = sendNotices;
    }

    /**
     * Follows {@code version} of {@code composition}; does nothing for one that the platform did not make.
     *
     * @param deleted whether it is not there any more
     */
    public Uni<Void> handle(Composition composition, long version, boolean deleted, UnitOfWork unit) {
        Optional<String> patient = id(composition.getSubject());
        Optional<String> stay = id(composition.getEncounter());
        Optional<Integer> number = stay.flatMap(id -> number(composition, id));
        if (number.isEmpty() || patient.isEmpty() || !composition.getCustodian().hasReference()) {
            return Uni.createFrom().voidItem();
        }
        return notices.keepDocument(
                        stay.get(), document(composition, number.get(), patient.get(), deleted), version, unit)
                .invoke(() -> sendNotices.last(patient.get(), unit));
    }

    /** The number of the version of the stay {@code stay} that {@code composition} is; empty for what the platform does not make. */
    static Optional<Integer> number(Composition composition, String stay) {
        String start = stay + "/";
        return Optional.of(composition.getIdentifier())
                .filter(identifier -> SharedTerms.TRANSITION_DOCUMENT_SYSTEM.equals(identifier.getSystem()))
                .map(Identifier::getValue)
                .filter(value -> value.startsWith(start))
                .map(value -> value.substring(start.length()))
                .filter(number -> NUMBER.matcher(number).matches())
                .map(Integer::valueOf);
    }

    private static Document document(Composition composition, int number, String patient, boolean deleted) {
        return new Document(
                composition.getIdElement().getIdPart(),
                number,
                composition.getCustodian().getReference(),
                composition.getMeta().getTag().stream()
                        .filter(tag -> SharedTerms.NOT_SENT_TO_SYSTEM.equals(tag.getSystem()))
                        .map(Coding::getCode)
                        .collect(Collectors.toSet()),
                composition.getExtensionsByUrl(SharedTerms.DISCHARGE_INFORMATION_PART_EXTENSION).stream()
                        .map(Extension::getValue)
                        .filter(Coding.class::isInstance)
                        .map(part -> ((Coding) part).getCode())
                        .collect(Collectors.toSet()),
                !deleted && composition.getStatus() != CompositionStatus.ENTEREDINERROR,
                patient);
    }

    private static Optional<String> id(Reference reference) {
        return ResourceKey.parse(String.valueOf(reference.getReference()))
                .map(key -> key.id().value());
    }
}
