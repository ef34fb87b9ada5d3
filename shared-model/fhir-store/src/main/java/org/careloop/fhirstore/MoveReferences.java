package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.internal.RecordReferences;
import org.careloop.fhirstore.internal.Settlement;
import org.careloop.fhirstore.internal.Settlement.Meant;
import org.careloop.fhirstore.internal.Settlement.Settled;
import org.careloop.fhirstore.internal.Settlement.Standing;

/**
 * Points what refers to a patient who was replaced to the one who stands for them, each change a version with its event, and back when
 * the two are told apart; {@link Settlement} tells where. Whom a reference means is kept with the change, so it can be repeated, ended
 * at any place, and done in any order.
 *
 * <p>Nothing is left behind: a transaction has its number before it looks, after its write, whether what it refers to was replaced
 * ({@code noting_replaced}). Either it sees that and notes the row for {@link ReferenceWork}; or it began before the barrier that was set
 * when the merge was there for all to see, and what is stored is looked through once more when all such have ended.
 */
@Singleton
public class MoveReferences {

    private static final String FORGET = "delete from reference_to_move where seq = any($1::bigint[])";

    private static final String MEANT =
            "select replaced, pointers, shared from moved_reference where type = $1 and id = $2";

    private static final String STANDINGS =
            "select replaced, survivor, stood from replaced_record where replaced = any($1::text[])";

    private static final String KEEP_MEANT = """
            insert into moved_reference (replaced, type, id, pointers, shared) values ($1, $2, $3, $4, $5)
            on conflict (replaced, type, id) do update set pointers = excluded.pointers, shared = excluded.shared""";

    private static final String FORGET_OTHERS =
            "delete from moved_reference where type = $1 and id = $2 and not replaced = any($3::text[])";

    private final ResourceStore store;

    MoveReferences(ResourceStore store) {
        this.store = store;
    }

    /**
     * What refers to a patient who was replaced.
     *
     * @param notes the notes of it that are done with it
     */
    public record Noted(Optional<ResourceKey> key, Long[] notes) {}

    /** Settles {@code noted}; what is gone is forgotten. */
    public Uni<Void> move(Noted noted) {
        return store.inUnit(unit -> noted.key()
                .map(key -> move(key, unit))
                .orElseGet(() -> Uni.createFrom().voidItem())
                .chain(() -> noted.notes().length == 0
                        ? Uni.createFrom().voidItem()
                        : unit.sql(FORGET, (Object) noted.notes()).replaceWithVoid()));
    }

    /**
     * Lets what {@code key} refers to be where it belongs, in {@code unit}: references to patients who were replaced go to who stands for
     * them, those that were moved and are another's again go back to them. Nothing is written where all is.
     */
    public Uni<Void> move(ResourceKey key, UnitOfWork unit) {
        return unit.find(key, Condition.EVERYTHING)
                .chain(found ->
                        found.map(current -> settle(current, unit)).orElseGet(() -> forget(key, Set.of(), unit)));
    }

    private static Uni<Void> settle(StoredResource current, UnitOfWork unit) {
        ResourceKey key = current.key();
        byte[] json = current.body().getBytes();
        return unit.sql(MEANT, key.type(), key.id().value())
                .map(MoveReferences::meant)
                .chain(meant -> standings(json, meant.keySet(), unit).chain(standings -> {
                    if (standings.isEmpty()) {
                        return Uni.createFrom().voidItem();
                    }
                    Settled settled = Settlement.settle(json, meant, standings);
                    return keep(key, meant, settled.meant(), unit)
                            .chain(() -> settled.changed()
                                    ? unit.move(current, FhirJson.parse(settled.json()))
                                            .replaceWithVoid()
                                    : Uni.createFrom().voidItem());
                }));
    }

    private static Map<String, Meant> meant(List<Object[]> rows) {
        return rows.stream()
                .collect(Collectors.toMap(
                        row -> (String) row[0], row -> new Meant(Set.of((String[]) row[1]), (Boolean) row[2])));
    }

    private static Uni<Map<String, Standing>> standings(byte[] json, Set<String> meant, UnitOfWork unit) {
        Set<String> patients = new HashSet<>(RecordReferences.patients(json));
        patients.addAll(meant);
        return patients.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : unit.sql(STANDINGS, (Object) patients.toArray(String[]::new))
                        .map(rows -> rows.stream()
                                .collect(Collectors.toMap(
                                        row -> (String) row[0],
                                        row -> new Standing(
                                                Optional.ofNullable((String) row[1]), Set.of((String[]) row[2])))));
    }

    private static Uni<Void> keep(ResourceKey key, Map<String, Meant> before, Map<String, Meant> now, UnitOfWork unit) {
        List<Map.Entry<String, Meant>> changed = now.entrySet().stream()
                .filter(each -> !each.getValue().equals(before.get(each.getKey())))
                .toList();
        return (now.keySet().containsAll(before.keySet())
                        ? Uni.createFrom().voidItem()
                        : forget(key, now.keySet(), unit))
                .chain(() -> InTurn.each(
                        changed,
                        each -> unit.sql(
                                KEEP_MEANT,
                                each.getKey(),
                                key.type(),
                                key.id().value(),
                                each.getValue().pointers().toArray(String[]::new),
                                each.getValue().shared())));
    }

    private static Uni<Void> forget(ResourceKey key, Set<String> but, UnitOfWork unit) {
        return unit.sql(FORGET_OTHERS, key.type(), key.id().value(), but.toArray(String[]::new))
                .replaceWithVoid();
    }
}
