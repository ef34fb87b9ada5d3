package org.careloop.transitions.domain;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Type;

/** What was told to the patient and to the medical home, each of it naming the stay. */
final class CommunicationEvidence {

    private static final Set<CommunicationStatus> SENT =
            Set.of(CommunicationStatus.COMPLETED, CommunicationStatus.INPROGRESS);
    private static final Set<String> PATIENT_OR_CAREGIVER = Set.of("Patient", "RelatedPerson");

    private final EvidenceRules.Rules rules;

    CommunicationEvidence(EvidenceRules.Rules rules) {
        this.rules = rules;
    }

    List<FoundEvidence> of(Communication communication, String patient) {
        Optional<String> encounter = idOf(communication.getEncounter());
        if (encounter.isEmpty() || !communication.hasStatus()) {
            return List.of();
        }
        Set<String> categories = codes(communication.getCategory().stream(), SharedTerms.COMMUNICATION_CATEGORY_SYSTEM);
        Stream<FoundEvidence> outreach = categories.contains(SharedTerms.OUTREACH)
                ? outreachKind(communication).stream()
                        .flatMap(kind -> found(kind, communication.getSentElement(), communication.getSender()))
                        .map(found -> of(found, patient, encounter))
                : Stream.empty();
        Stream<FoundEvidence> received = SENT.contains(communication.getStatus()) && isToMedicalHome(communication)
                ? receivedKinds(communication, categories)
                        .flatMap(kind -> found(kind, communication.getReceivedElement(), recipient(communication)))
                        .map(found -> of(found, patient, encounter))
                : Stream.empty();
        return Stream.concat(outreach, received).toList();
    }

    /** Spoken with, or tried; with the patient or a caregiver, by somebody who is named, in a way that lets them answer. */
    private Optional<String> outreachKind(Communication communication) {
        boolean interactive = communication.getMedium().stream()
                .map(CodeableConcept::getCoding)
                .flatMap(List::stream)
                .anyMatch(coding -> SharedTerms.PARTICIPATION_MODE_SYSTEM.equals(coding.getSystem())
                        && rules.media().contains(coding.getCode()));
        boolean reaches = communication.getRecipient().stream()
                .flatMap(recipient -> ResourceKey.parse(String.valueOf(recipient.getReference())).stream())
                .anyMatch(key -> PATIENT_OR_CAREGIVER.contains(key.type()));
        if (!interactive || !reaches || !communication.getSender().hasReference()) {
            return Optional.empty();
        }
        return switch (communication.getStatus()) {
            case COMPLETED -> Optional.of("outreach-contact");
            case NOTDONE -> communication.hasStatusReason() ? Optional.of("outreach-attempt") : Optional.empty();
            default -> Optional.empty();
        };
    }

    private Stream<String> receivedKinds(Communication communication, Set<String> categories) {
        Stream<String> notices = categories.contains(SharedTerms.STAY_NOTICE)
                ? codes(communication.getReasonCode().stream(), SharedTerms.STAY_NOTICE_SYSTEM).stream()
                        .map(reason -> reason + "-notice")
                : Stream.empty();
        Stream<String> documents = categories.contains(SharedTerms.TRANSITION_DOCUMENT) && hasAllParts(communication)
                ? Stream.of("discharge-information")
                : Stream.empty();
        return Stream.concat(notices, documents);
    }

    /** What an agency received says nothing of what the practice knows that goes on with the patient. */
    private static boolean isToMedicalHome(Communication communication) {
        return communication.getExtensionsByUrl(SharedTerms.RECIPIENT_KIND_EXTENSION).stream()
                .anyMatch(kind -> kind.getValue() != null
                        && SharedTerms.MEDICAL_HOME.equals(kind.getValue().primitiveValue()));
    }

    private boolean hasAllParts(DomainResource resource) {
        Set<String> told = resource.getExtensionsByUrl(SharedTerms.DISCHARGE_INFORMATION_PART_EXTENSION).stream()
                .flatMap(extension -> partOf(extension.getValue()))
                .collect(Collectors.toSet());
        return told.containsAll(rules.informationParts());
    }

    private static Stream<String> partOf(Type value) {
        return switch (value) {
            case Coding coding ->
                Stream.of(coding).filter(CommunicationEvidence::isPart).map(Coding::getCode);
            case CodeableConcept concept ->
                concept.getCoding().stream()
                        .filter(CommunicationEvidence::isPart)
                        .map(Coding::getCode);
            case null, default -> Stream.empty();
        };
    }

    private static boolean isPart(Coding coding) {
        return SharedTerms.DISCHARGE_INFORMATION_PART_SYSTEM.equals(coding.getSystem()) && coding.hasCode();
    }

    private static Reference recipient(Communication communication) {
        return communication.getRecipient().stream().findFirst().orElseGet(Reference::new);
    }

    private record Shown(String kind, EvidenceTime time, Optional<String> actor) {}

    private static Stream<Shown> found(String kind, BaseDateTimeType time, Reference actor) {
        return EvidenceTime.of(time).stream()
                .map(when -> new Shown(kind, when, Optional.ofNullable(actor.getReference())));
    }

    private static FoundEvidence of(Shown shown, String patient, Optional<String> encounter) {
        return new FoundEvidence(shown.kind(), shown.time(), true, shown.actor(), patient, encounter);
    }

    private static Set<String> codes(Stream<CodeableConcept> concepts, String system) {
        return concepts.map(CodeableConcept::getCoding)
                .flatMap(List::stream)
                .filter(coding -> system.equals(coding.getSystem()) && coding.hasCode())
                .map(Coding::getCode)
                .collect(Collectors.toSet());
    }

    private static Optional<String> idOf(Reference reference) {
        return ResourceKey.parse(String.valueOf(reference.getReference()))
                .map(key -> key.id().value());
    }
}
