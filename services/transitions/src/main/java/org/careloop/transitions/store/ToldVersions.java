package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.careloop.fhirstore.UnitOfWork;

/**
 * Which version of a resource was told last, also where it showed nothing or was deleted. An event that had become a dead letter and is
 * replayed when a later one was taken says nothing any more.
 */
@Singleton
public class ToldVersions {

    private static final String TELL = """
            insert into told_version as known (reference, version) values ($1, $2)
            on conflict (reference) do update set version = greatest(known.version, excluded.version)
            returning version = $2""";

    private static final String TELL_ALL = """
            insert into told_version as known (reference, version)
            select t.reference, t.version from unnest($1::text[], $2::bigint[]) t (reference, version) order by t.reference
            on conflict (reference) do update set version = excluded.version where known.version <= excluded.version
            returning reference""";

    ToldVersions() {}

    /**
     * Runs {@code work}, which is what version {@code version} of the resource {@code reference} says, unless a later one was told. No
     * other unit is told of the resource meanwhile.
     */
    public Uni<Void> ofNewest(String reference, long version, UnitOfWork unit, Supplier<Uni<Void>> work) {
        return unit.sql(TELL, reference, version)
                .chain(rows -> (boolean) rows.getFirst()[0]
                        ? work.get()
                        : Uni.createFrom().voidItem());
    }

    /** As {@link #ofNewest}, of the versions of many resources by their references: returns those of which no later one was told. */
    public Uni<Set<String>> newest(Map<String, Long> versions, UnitOfWork unit) {
        if (versions.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        SortedMap<String, Long> inOrder = new TreeMap<>(versions);
        return unit.sql(
                        TELL_ALL,
                        inOrder.keySet().toArray(String[]::new),
                        inOrder.values().toArray(Long[]::new))
                .map(rows -> rows.stream().map(row -> (String) row[0]).collect(Collectors.toSet()));
    }
}
