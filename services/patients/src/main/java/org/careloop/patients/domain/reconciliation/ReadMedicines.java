package org.careloop.patients.domain.reconciliation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.patients.domain.reconciliation.ListedMedicine.Taking;
import org.careloop.patients.domain.reconciliation.Regimen.Amount;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Dosage;
import org.hl7.fhir.r4.model.Medication;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.MedicationRequest.MedicationRequestStatus;
import org.hl7.fhir.r4.model.MedicationStatement;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Type;

/** Reads the three lists of a stay from what is stored. */
final class ReadMedicines {

    private final Medicines medicines;
    private final ReconciliationRules rules;
    private final ReadRegimen regimens;

    ReadMedicines(Medicines medicines, ReconciliationRules rules) {
        this.medicines = medicines;
        this.rules = rules;
        this.regimens = new ReadRegimen(rules);
    }

    /** Returns what is listed, in the order of the facts. */
    List<ListedMedicine> read(StayPeriod stay, MedicineFacts facts) {
        PlaceMedicine place = new PlaceMedicine(stay, facts.lists(), rules);
        List<ListedMedicine> listed = new ArrayList<>();
        facts.requests()
                .forEach(request -> place.of(request, reference(request))
                        .forEach(list -> listed.add(listed(request, list, facts.medications()))));
        facts.statements()
                .forEach(statement -> place.of(statement, reference(statement))
                        .forEach(list -> listed.add(listed(statement, list, facts.medications()))));
        place.listed()
                .forEach((reference, lists) -> Optional.ofNullable(
                                facts.medications().get(reference))
                        .ifPresent(medication -> lists.forEach(list -> listed.add(listed(medication, list)))));
        return listed;
    }

    private static String reference(Resource resource) {
        return key(resource).reference();
    }

    private static ResourceKey key(Resource resource) {
        return ResourceKey.of(resource.fhirType(), resource.getIdElement().getIdPart());
    }

    private ListedMedicine listed(MedicationRequest request, MedicineList list, Map<String, Medication> known) {
        boolean notToGive = request.getDoNotPerform();
        Taking taking = notToGive ? Taking.STOPPED : taking(request.getStatus());
        boolean indicated = request.hasReasonCode() || request.hasReasonReference();
        List<CodeableConcept> reasons = request.hasStatusReason()
                ? List.of(request.getStatusReason())
                : notToGive ? request.getReasonCode() : List.of();
        return listed(
                new Said(
                        request,
                        told(request.getMedication(), request, known),
                        taking,
                        request.getStatus().toCode(),
                        reasons,
                        !reasons.isEmpty() || notToGive && indicated,
                        indicated,
                        request.getDosageInstruction(),
                        request.getBasedOn()),
                list);
    }

    private ListedMedicine listed(MedicationStatement statement, MedicineList list, Map<String, Medication> known) {
        Taking taking = switch (statement.getStatus()) {
            case ACTIVE, INTENDED, UNKNOWN, NULL -> Taking.TAKEN;
            case COMPLETED -> Taking.ENDED;
            case STOPPED, ENTEREDINERROR -> Taking.STOPPED;
            case ONHOLD -> Taking.HELD;
            case NOTTAKEN -> Taking.NOT_TAKEN;
        };
        List<Reference> basis = Stream.concat(statement.getBasedOn().stream(), statement.getDerivedFrom().stream())
                .toList();
        return listed(
                new Said(
                        statement,
                        told(statement.getMedication(), statement, known),
                        taking,
                        statement.getStatus().toCode(),
                        statement.getStatusReason(),
                        statement.hasStatusReason(),
                        statement.hasReasonCode() || statement.hasReasonReference(),
                        statement.getDosage(),
                        basis),
                list);
    }

    /** A List may name a Medication itself: that it is taken, and no more. */
    private ListedMedicine listed(Medication medication, MedicineList list) {
        Told told = new Told(medication.getCode(), ReadStrength.of(medication), Optional.empty());
        return listed(
                new Said(medication, told, Taking.TAKEN, "active", List.of(), false, false, List.of(), List.of()),
                list);
    }

    /** What requests and statements alike say; see {@link ListedMedicine}. */
    private record Said(
            DomainResource source,
            Told told,
            Taking taking,
            String status,
            List<CodeableConcept> reasons,
            boolean reasoned,
            boolean indicated,
            List<Dosage> dosages,
            List<Reference> basis) {}

    private ListedMedicine listed(Said said, MedicineList list) {
        MedicineIdentity identity = medicines
                .identify(said.told.medicine)
                .orOf(said.told.reference.orElseGet(() -> key(said.source).reference()));
        Optional<Amount> strength = identity.ingredients().size() > 1
                ? Optional.empty()
                : said.told.strength.or(() -> ReadStrength.in(said.told.medicine));
        return new ListedMedicine(
                key(said.source),
                list,
                said.told.medicine,
                identity,
                said.taking,
                said.status,
                said.reasons,
                said.reasoned,
                said.indicated,
                regimens.read(said.dosages, strength),
                sig(said.dosages),
                said.basis.stream()
                        .map(Reference::getReference)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet()),
                said.source.getMeta().getSecurity().stream().map(Coding::copy).toList());
    }

    private static String sig(List<Dosage> dosages) {
        return dosages.stream().filter(Dosage::hasText).map(Dosage::getText).collect(Collectors.joining("; "));
    }

    private static Taking taking(MedicationRequestStatus status) {
        return switch (status) {
            case ACTIVE, UNKNOWN, DRAFT, NULL -> Taking.TAKEN;
            case COMPLETED -> Taking.ENDED;
            case ONHOLD -> Taking.HELD;
            case STOPPED, CANCELLED, ENTEREDINERROR -> Taking.STOPPED;
        };
    }

    /** Which medicine, how much of it is in one of the product, where a Medication tells, and the reference to one. */
    private record Told(CodeableConcept medicine, Optional<Amount> strength, Optional<String> reference) {}

    private static Told told(Type medicine, DomainResource source, Map<String, Medication> known) {
        if (medicine instanceof CodeableConcept concept) {
            return new Told(concept, Optional.empty(), Optional.empty());
        }
        if (!(medicine instanceof Reference reference)) {
            return new Told(new CodeableConcept(), Optional.empty(), Optional.empty());
        }
        String target = String.valueOf(reference.getReference());
        Optional<Medication> found = target.startsWith("#")
                ? source.getContained().stream()
                        .filter(each -> each instanceof Medication && isCalled(each, target.substring(1)))
                        .map(Medication.class::cast)
                        .findFirst()
                : ResourceKey.parse(target).map(key -> known.get(key.reference()));
        CodeableConcept written = new CodeableConcept().setText(reference.getDisplay());
        Optional<String> named = Optional.of(target).filter(each -> reference.hasReference() && !each.startsWith("#"));
        return found.map(medication -> new Told(
                        medication.hasCode() ? medication.getCode() : written, ReadStrength.of(medication), named))
                .orElseGet(() -> new Told(written, Optional.empty(), named));
    }

    /** The parser keeps the mark of what is contained, or takes it off. */
    private static boolean isCalled(Resource contained, String id) {
        String own = String.valueOf(contained.getIdElement().getIdPart());
        return own.equals(id) || own.equals("#" + id);
    }
}
