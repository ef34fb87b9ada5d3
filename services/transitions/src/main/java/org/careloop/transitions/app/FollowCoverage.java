package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.Optional;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.Payers;
import org.careloop.transitions.domain.SiteTime;
import org.careloop.transitions.store.KnownCoverage;
import org.careloop.transitions.store.KnownCoverages;
import org.careloop.transitions.store.ToldVersions;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.Coverage.CoverageStatus;
import org.hl7.fhir.r4.model.DateTimeType;

/** Keeps who pays for a patient, by which discharges are measured. */
@Singleton
public class FollowCoverage {

    private final TransitionsConfig config;
    private final Payers payers;
    private final KnownCoverages coverages;
    private final ToldVersions versions;

    FollowCoverage(TransitionsConfig config, Payers payers, KnownCoverages coverages, ToldVersions versions) {
        this.config = config;
        this.payers = payers;
        this.coverages = coverages;
        this.versions = versions;
    }

    /** Keeps what {@code version} of {@code coverage} says. One that ended is kept: it covers days before that. */
    public Uni<Void> handle(Coverage coverage, long version, UnitOfWork unit) {
        String id = coverage.getIdElement().getIdPart();
        Optional<String> patient = Compartment.patientOf(coverage);
        boolean counts = coverage.getStatus() == CoverageStatus.ACTIVE
                || coverage.getStatus() == CoverageStatus.CANCELLED
                        && coverage.getPeriod().hasEnd();
        return patient.isEmpty() || !counts
                ? gone(id, version, unit)
                : versions.ofNewest(
                        "Coverage/" + id,
                        version,
                        unit,
                        () -> coverages.learn(id, patient.get(), payers.of(coverage), days(coverage), unit));
    }

    /** Forgets the coverage {@code id}, which by {@code version} is none. */
    public Uni<Void> gone(String id, long version, UnitOfWork unit) {
        return versions.ofNewest("Coverage/" + id, version, unit, () -> coverages.forget(id, unit));
    }

    private KnownCoverage.Days days(Coverage coverage) {
        return new KnownCoverage.Days(
                day(coverage.getPeriod().getStartElement()),
                day(coverage.getPeriod().getEndElement()));
    }

    private Optional<LocalDate> day(DateTimeType time) {
        return SiteTime.day(time, config.timeZone());
    }
}
