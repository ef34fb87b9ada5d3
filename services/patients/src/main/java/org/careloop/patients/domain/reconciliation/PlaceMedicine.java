package org.careloop.patients.domain.reconciliation;

import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.ListResource;
import org.hl7.fhir.r4.model.ListResource.ListEntryComponent;
import org.hl7.fhir.r4.model.ListResource.ListStatus;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.MedicationRequest.MedicationRequestStatus;
import org.hl7.fhir.r4.model.MedicationStatement;
import org.hl7.fhir.r4.model.MedicationStatement.MedicationStatementStatus;
import org.hl7.fhir.r4.model.Period;

/** Tells of which of the three lists of a stay a resource is. */
final class PlaceMedicine {

    private final StayPeriod stay;
    private final Map<String, Set<MedicineList>> listed = new HashMap<>();

    PlaceMedicine(StayPeriod stay, List<ListResource> lists, ReconciliationRules rules) {
        this.stay = stay;
        lists.stream()
                .filter(list -> list.getStatus() == ListStatus.CURRENT)
                .filter(list -> stay.reference().equals(list.getEncounter().getReference()))
                .forEach(list -> place(list, rules));
    }

    private void place(ListResource list, ReconciliationRules rules) {
        Optional<MedicineList> place = hasCode(list.getCode(), rules.homeLists())
                ? Optional.of(MedicineList.HOME)
                : hasCode(list.getCode(), rules.dischargeLists())
                        ? Optional.of(MedicineList.DISCHARGE)
                        : Optional.empty();
        place.ifPresent(where -> list.getEntry().stream()
                .filter(entry -> !entry.getDeleted())
                .map(ListEntryComponent::getItem)
                .filter(item -> item.hasReference())
                .forEach(item -> listed.computeIfAbsent(
                                item.getReference(), ignored -> EnumSet.noneOf(MedicineList.class))
                        .add(where)));
    }

    private static boolean hasCode(CodeableConcept code, Set<String> codes) {
        return code.getCoding().stream().anyMatch(coding -> codes.contains(coding.getCode()));
    }

    /** The Medications that Lists name themselves, with the lists. */
    Map<String, Set<MedicineList>> listed() {
        return listed;
    }

    /** Returns the lists of {@code request}: one, unless Lists name it; empty when it is of none of this stay. */
    Set<MedicineList> of(MedicationRequest request, String reference) {
        boolean never = request.getStatus() == MedicationRequestStatus.CANCELLED
                || request.getStatus() == MedicationRequestStatus.DRAFT
                || request.getStatus() == MedicationRequestStatus.ENTEREDINERROR;
        if (never || request.getIntent() == MedicationRequest.MedicationRequestIntent.PROPOSAL) {
            return Set.of();
        }
        Set<MedicineList> named = listed.getOrDefault(reference, Set.of());
        return named.isEmpty() ? place(request).stream().collect(Collectors.toSet()) : named;
    }

    private Optional<MedicineList> place(MedicationRequest request) {
        boolean ofOther = request.getEncounter().hasReference()
                && !isStay(request.getEncounter().getReference());
        boolean ofStay = isStay(request.getEncounter().getReference());
        boolean during = !ofOther && (ofStay || isDuring(request.getAuthoredOnElement()));
        if (hasCategory(request.getCategory(), "discharge")) {
            return Optional.of(MedicineList.DISCHARGE).filter(ignored -> during);
        }
        if (hasCategory(request.getCategory(), "inpatient") || !request.hasCategory() && ofStay) {
            return Optional.of(MedicineList.STAY).filter(ignored -> during);
        }
        // What is prescribed for home in the name of the stay is for after it.
        if (ofStay) {
            return Optional.of(MedicineList.DISCHARGE);
        }
        return Optional.of(MedicineList.HOME).filter(ignored -> isOfHome(request));
    }

    private boolean isOfHome(MedicationRequest request) {
        Period validity = request.getDispenseRequest().getValidityPeriod();
        boolean begun =
                time(request.getAuthoredOnElement()).map(this::isByAdmission).orElse(true);
        boolean over = validity.hasEnd()
                ? time(validity.getEndElement()).map(this::isBeforeAdmission).orElse(false)
                : request.getStatus() == MedicationRequestStatus.COMPLETED;
        return begun && !over;
    }

    /** As of a request. */
    Set<MedicineList> of(MedicationStatement statement, String reference) {
        if (statement.getStatus() == MedicationStatementStatus.ENTEREDINERROR) {
            return Set.of();
        }
        Set<MedicineList> named = listed.getOrDefault(reference, Set.of());
        return named.isEmpty() ? place(statement).stream().collect(Collectors.toSet()) : named;
    }

    private Optional<MedicineList> place(MedicationStatement statement) {
        boolean ofStay = isStay(statement.getContext().getReference());
        BaseDateTimeType start = statement.hasEffectivePeriod()
                ? statement.getEffectivePeriod().getStartElement()
                : statement.hasEffectiveDateTimeType() ? statement.getEffectiveDateTimeType() : new DateTimeType();
        BaseDateTimeType asserted = statement.hasDateAsserted() ? statement.getDateAssertedElement() : start;
        Optional<Instant> from = time(start);
        Optional<Instant> told = time(asserted);
        if (hasCategory(List.of(statement.getCategory()), "inpatient")) {
            return Optional.of(MedicineList.STAY)
                    .filter(ignored -> ofStay || from.filter(this::isWithin).isPresent());
        }
        // What is told in the morning of the day of discharge is of the stay, unless it is from the discharge on.
        if (ofStay && (isToldByDischarge(asserted) || isToldByDischarge(start))) {
            return Optional.of(MedicineList.DISCHARGE);
        }
        boolean over =
                statement.hasEffectivePeriod() && statement.getEffectivePeriod().hasEnd()
                        ? time(statement.getEffectivePeriod().getEndElement())
                                .map(this::isBeforeAdmission)
                                .orElse(false)
                        : statement.getStatus() == MedicationStatementStatus.COMPLETED;
        // Who is asked during the stay what they take tells of before, unless it is said from when on.
        boolean begun = from.map(this::isByDayOfAdmission)
                .orElseGet(() -> told.map(this::isBeforeDischarge).orElse(true));
        return Optional.of(begun ? MedicineList.HOME : MedicineList.STAY).filter(place -> !over && (begun || ofStay));
    }

    private boolean isStay(String reference) {
        return stay.reference().equals(reference);
    }

    private static boolean hasCategory(List<CodeableConcept> categories, String code) {
        return categories.stream()
                .flatMap(category -> category.getCoding().stream())
                .anyMatch(coding -> code.equals(coding.getCode()));
    }

    private boolean isDuring(BaseDateTimeType time) {
        return time(time).filter(this::isWithin).isPresent();
    }

    private boolean isWithin(Instant at) {
        return stay.started().filter(start -> !day(at).isBefore(day(start))).isPresent()
                && stay.ended()
                        .map(end -> !day(at).isAfter(day(end).plusDays(1)))
                        .orElse(true);
    }

    private boolean isByAdmission(Instant at) {
        return stay.started().map(start -> !at.isAfter(start)).orElse(true);
    }

    private boolean isByDayOfAdmission(Instant at) {
        return stay.started().map(start -> !day(at).isAfter(day(start))).orElse(true);
    }

    private boolean isBeforeDischarge(Instant at) {
        return stay.ended().map(at::isBefore).orElse(true);
    }

    private boolean isBeforeAdmission(Instant at) {
        return stay.started().map(start -> day(at).isBefore(day(start))).orElse(false);
    }

    /** Of what tells no time of day, the day of the discharge counts whole. */
    private boolean isToldByDischarge(BaseDateTimeType told) {
        boolean ofDay = !SitePeriod.isMoment(told);
        return time(told)
                .filter(at -> ofDay
                        ? stay.ended()
                                .filter(end -> !day(at).isBefore(day(end)))
                                .isPresent()
                        : isAfterStay(at))
                .isPresent();
    }

    private boolean isAfterStay(Instant at) {
        return stay.ended().filter(end -> !at.isBefore(end)).isPresent();
    }

    private LocalDate day(Instant at) {
        return at.atZone(stay.zone()).toLocalDate();
    }

    private Optional<Instant> time(BaseDateTimeType time) {
        return SitePeriod.time(time, stay.zone());
    }
}
