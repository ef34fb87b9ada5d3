package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.internal.RecordReferences;
import org.careloop.fhirstore.internal.RecordReferences.Changed;
import org.hl7.fhir.r4.model.Resource;

/**
 * Turns what refers to a patient who was replaced to the one who stands for them, each change a version with its event, and turns
 * it back when the two are told apart. What was turned is kept with the change, so it can be repeated and ended at any place.
 *
 * <p>Nothing is left behind: a transaction has its number before it looks, after its write, whether what it refers to was replaced
 * ({@code noting_replaced}). Either it sees that and notes the row for {@link ReferenceWork}; or it began before the barrier that was set
 * when the merge was there for all to see, and what is stored is looked through once more when all such have ended.
 */
@Singleton
public class MoveReferences {

    private static final String FORGET = "delete from reference_to_move where seq = any($1::bigint[])";

    private static final String SURVIVORS =
            "select replaced, survivor from replaced_record where replaced = any($1::text[]) and survivor is not null";

    /** Pointers of a resource that was moved before are kept: it may have been changed to refer to the replaced one again. */
    private static final String KEEP_MOVED = """
            insert into moved_reference as m (replaced, type, id, pointers, shared) values ($1, $2, $3, $4, $5)
            on conflict (replaced, type, id) do update set shared = m.shared or excluded.shared,
              pointers = array(select unnest(m.pointers) union select unnest(excluded.pointers))""";

    private static final String STANDING = """
            select $1::text union select unnest(former) from replaced_record where replaced = $2
            union select replaced from replaced_record where survivor = $1""";

    /** What goes back to one goes back to no other any more. */
    private static final String RETURNED = """
            with gone as (delete from moved_reference where replaced = $1 and type = $2 and id = $3)
            update moved_reference set pointers = array(select unnest(pointers) except select unnest($4::text[]))
            where replaced <> $1 and type = $2 and id = $3""";

    private static final String FORGET_EMPTY =
            "delete from moved_reference where type = $1 and id = $2 and pointers = '{}'";

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

    /**
     * What was turned to a survivor.
     *
     * @param seq its number, later ones are higher
     * @param pointers JSON pointers to the references that were turned
     * @param shared whether it referred to the survivor itself too
     */
    public record Moved(long seq, ResourceKey key, List<String> pointers, boolean shared) {}

    /** Turns {@code noted}; what is gone, or refers to nobody who was replaced, stays. */
    public Uni<Void> move(Noted noted) {
        return store.inUnit(unit -> noted.key()
                .map(key -> move(key, unit))
                .orElseGet(() -> Uni.createFrom().voidItem())
                .chain(() -> noted.notes().length == 0
                        ? Uni.createFrom().voidItem()
                        : unit.sql(FORGET, (Object) noted.notes()).replaceWithVoid()));
    }

    private Uni<Void> move(ResourceKey key, UnitOfWork unit) {
        return unit.find(key, Condition.EVERYTHING)
                .chain(found -> found.map(current -> move(current, unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private Uni<Void> move(StoredResource current, UnitOfWork unit) {
        byte[] json = current.body().getBytes();
        Set<String> patients = RecordReferences.patients(json);
        return patients.isEmpty()
                ? Uni.createFrom().voidItem()
                : unit.sql(SURVIVORS, (Object) patients.toArray(String[]::new)).chain(rows -> {
                    Map<String, String> survivors = new HashMap<>();
                    rows.forEach(row -> survivors.put((String) row[0], (String) row[1]));
                    return survivors.isEmpty()
                            ? Uni.createFrom().voidItem()
                            : InTurn.each(survivors.entrySet(), each -> keepMoved(current, each, patients, unit))
                                    .chain(() -> store(current, RecordReferences.turned(json, survivors), unit));
                });
    }

    private static Uni<Void> keepMoved(
            StoredResource current, Map.Entry<String, String> turned, Set<String> patients, UnitOfWork unit) {
        Changed changed =
                RecordReferences.turned(current.body().getBytes(), Map.of(turned.getKey(), turned.getValue()));
        return unit.sql(
                        KEEP_MOVED,
                        turned.getKey(),
                        current.key().type(),
                        current.key().id().value(),
                        changed.pointers().toArray(String[]::new),
                        patients.contains(turned.getValue()))
                .replaceWithVoid();
    }

    private static Uni<Void> store(StoredResource current, Changed changed, UnitOfWork unit) {
        Resource next = FhirJson.parse(changed.json());
        return unit.move(current, next).replaceWithVoid();
    }

    /** Turns {@code moved} back to {@code replaced}, from {@code survivor} and from whoever that stands for or is stood for by. */
    public Uni<Void> back(String replaced, String survivor, Moved moved) {
        ResourceKey key = moved.key();
        return store.inUnit(unit -> unit.find(key, Condition.EVERYTHING)
                .chain(found -> found.map(current -> back(replaced, survivor, moved, current, unit))
                        .orElseGet(() -> Uni.createFrom().item(List.of())))
                .chain(turned ->
                        unit.sql(RETURNED, replaced, key.type(), key.id().value(), turned.toArray(String[]::new)))
                .chain(() -> unit.sql(FORGET_EMPTY, key.type(), key.id().value()))
                .replaceWithVoid());
    }

    private static Uni<List<String>> back(
            String replaced, String survivor, Moved moved, StoredResource current, UnitOfWork unit) {
        return unit.sql(STANDING, survivor, replaced).chain(standing -> {
            Set<String> survivors = new HashSet<>();
            standing.forEach(each -> survivors.add((String) each[0]));
            survivors.remove(replaced);
            Changed changed = RecordReferences.back(
                    current.body().getBytes(), survivors, replaced, moved.pointers(), moved.shared());
            return (changed.pointers().isEmpty() ? Uni.createFrom().voidItem() : store(current, changed, unit))
                    .replaceWith(changed.pointers());
        });
    }
}
