package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.careloop.fhirstore.UnitOfWork;

/** Who pays for patients, as their service told it last. */
@Singleton
public class KnownCoverages {

    KnownCoverages() {}

    /** Returns the coverages of {@code patients}, ids, by whose they are. */
    public Uni<Map<String, List<KnownCoverage>>> of(Collection<String> patients, UnitOfWork unit) {
        return patients.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : unit.session()
                        .createSelectionQuery(
                                "from KnownCoverage where patientId in :patients order by coverageId",
                                KnownCoverage.class)
                        .setParameter("patients", List.copyOf(patients))
                        .getResultList()
                        .map(rows -> rows.stream().collect(Collectors.groupingBy(KnownCoverage::patientId)));
    }

    /** Keeps what the newest version of the coverage says. */
    public Uni<Void> learn(String coverage, String patient, String payer, KnownCoverage.Days days, UnitOfWork unit) {
        return unit.session()
                .find(KnownCoverage.class, coverage)
                .chain(known -> {
                    KnownCoverage row = known == null ? new KnownCoverage(coverage) : known;
                    row.learn(patient, payer, days);
                    return known == null
                            ? unit.session().persist(row)
                            : Uni.createFrom().voidItem();
                })
                .chain(() -> unit.session().flush());
    }

    /** Forgets the coverage, which is none. */
    public Uni<Void> forget(String coverage, UnitOfWork unit) {
        return unit.sql("delete from followed_coverage where coverage_id = $1", coverage)
                .replaceWithVoid();
    }
}
