package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.SiteTime;
import org.careloop.transitions.store.KnownPatients;
import org.careloop.transitions.store.ToldVersions;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Patient;

/** Keeps what of a patient bears on clocks: nothing is asked for after a death, and a death that is told in error is none. */
@Singleton
public class FollowPatient {

    /** The beginning of the choice's name. */
    private static final String DECEASED = "\"deceased";

    private final TransitionsConfig config;
    private final KnownPatients patients;
    private final ToldVersions versions;
    private final ReckonMilestones reckonMilestones;

    FollowPatient(
            TransitionsConfig config,
            KnownPatients patients,
            ToldVersions versions,
            ReckonMilestones reckonMilestones) {
        this.config = config;
        this.patients = patients;
        this.versions = versions;
        this.reckonMilestones = reckonMilestones;
    }

    /**
     * Keeps at once what {@code events} tell, each of another patient. Returns those for which {@link #handle} has more to do than to
     * keep when somebody was born: who died, or was said to have.
     */
    public Uni<List<ResourceEvent>> births(List<ResourceEvent> events, UnitOfWork unit) {
        Map<String, ResourceEvent> living = events.stream()
                .filter(event -> event.change() != Change.DELETED && !event.mentions(DECEASED))
                .collect(Collectors.toMap(event -> event.resource().reference(), event -> event));
        Map<String, Long> told = living.values().stream()
                .collect(Collectors.toMap(event -> event.resource().reference(), ResourceEvent::version));
        return versions.newest(told, unit)
                .chain(newest -> keepBirths(newest.stream().map(living::get).toList(), unit)
                        .map(kept -> events.stream()
                                .filter(event -> !living.containsKey(
                                                event.resource().reference())
                                        || newest.contains(event.resource().reference())
                                                && !kept.contains(
                                                        event.resource().id().value()))
                                .toList()));
    }

    private Uni<Set<String>> keepBirths(List<ResourceEvent> events, UnitOfWork unit) {
        return patients.keepLiving(
                events.stream()
                        .collect(Collectors.toMap(
                                event -> event.resource().id().value(),
                                event -> born((Patient) FhirJson.parseOnly(event.payload(), Set.of("birthDate"))))),
                unit);
    }

    /** Keeps what {@code version} of {@code patient} says, which came to be so {@code at}. */
    public Uni<Void> handle(Patient patient, long version, Instant at, UnitOfWork unit) {
        String id = patient.getIdElement().getIdPart();
        return versions.ofNewest(
                "Patient/" + id,
                version,
                unit,
                () -> patients.died(id, unit)
                        .chain(known -> patients.learn(id, born(patient), died(patient, known.orElse(at)), unit))
                        .chain(news -> news
                                ? reckonMilestones.around(Set.of(id), Set.of(), unit)
                                : Uni.createFrom().voidItem()));
    }

    /** Forgets the patient {@code id}, who is deleted by {@code version}. */
    public Uni<Void> gone(String id, long version, UnitOfWork unit) {
        return versions.ofNewest("Patient/" + id, version, unit, () -> patients.forget(id, unit));
    }

    /** Of a date that is known in part there is no age. */
    private static Optional<LocalDate> born(Patient patient) {
        return Optional.ofNullable(patient.getBirthDateElement().getValueAsString())
                .filter(date -> date.length() == "YYYY-MM-DD".length())
                .map(LocalDate::parse);
    }

    /** Without a time it is when that was told first. */
    private Optional<Instant> died(Patient patient, Instant told) {
        return switch (patient.getDeceased()) {
            case BooleanType dead when Boolean.TRUE.equals(dead.getValue()) -> Optional.of(told);
            case DateTimeType time -> SiteTime.of(time, config.timeZone()).or(() -> Optional.of(told));
            case null, default -> Optional.empty();
        };
    }
}
