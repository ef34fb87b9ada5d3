package org.careloop.fhirstore.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirstore.internal.RecordReferences.Place;

/**
 * Points each reference to a patient to who stands for the person that it means. Whom it means is kept when it is first moved, so it
 * makes no difference in which order merges, and their ends, come to be known: of a chain each reference is moved once, to its end.
 */
public final class Settlement {

    /**
     * Who stands for a patient.
     *
     * @param survivor empty: the patient stands for themselves
     * @param stood the survivor, and all who were it since the patient was first merged
     */
    public record Standing(Optional<String> survivor, Set<String> stood) {}

    /**
     * Where a resource means a patient for whom another stands.
     *
     * @param pointers JSON pointers
     * @param shared whether it also meant the survivor themselves then
     */
    public record Meant(Set<String> pointers, boolean shared) {}

    /**
     * A resource whose references are where they belong.
     *
     * @param changed whether one of them was not
     * @param meant by the patient who is meant
     */
    public record Settled(byte[] json, boolean changed, Map<String, Meant> meant) {}

    private final List<Place> places;
    private final Map<String, Meant> meant;
    private final Map<String, Standing> standings;
    /** Who is meant, by the pointer. */
    private final Map<String, String> owners = new HashMap<>();

    private Settlement(List<Place> places, Map<String, Meant> meant, Map<String, Standing> standings) {
        this.places = places;
        this.meant = meant;
        this.standings = standings;
    }

    /**
     * Settles {@code json}.
     *
     * @param meant what is kept of it
     * @param standings of all whom it refers to, and whom it meant; who is missing stands for themselves
     */
    public static Settled settle(byte[] json, Map<String, Meant> meant, Map<String, Standing> standings) {
        RecordReferences.Parsed parsed = RecordReferences.parse(json);
        return new Settlement(parsed.places(), meant, standings).settle(parsed);
    }

    private Settled settle(RecordReferences.Parsed parsed) {
        places.forEach(place -> kept(place).ifPresent(patient -> owners.put(place.pointer(), patient)));
        Set<String> lost = new HashSet<>();
        meant.forEach((patient, each) -> {
            if (!each.pointers().stream().allMatch(pointer -> patient.equals(owners.get(pointer)))) {
                lost.add(patient);
            }
        });
        Set<String> foundAgain = new HashSet<>();
        for (Place place : places) {
            if (!owners.containsKey(place.pointer())) {
                moved(place, lost).ifPresent(patient -> {
                    owners.put(place.pointer(), patient);
                    foundAgain.add(patient);
                });
            }
        }
        Map<String, Meant> now = now(lost, foundAgain);
        boolean changed = false;
        for (Place place : places) {
            String target = target(person(place));
            changed |= !target.equals(place.id());
            place.point(target);
        }
        return new Settled(changed ? parsed.json() : new byte[0], changed, now);
    }

    /** Whom {@code place} is known to mean; of two, whom the other stood for. */
    private Optional<String> kept(Place place) {
        List<String> claims = meant.entrySet().stream()
                .filter(each -> each.getValue().pointers().contains(place.pointer()))
                .map(Map.Entry::getKey)
                .filter(patient ->
                        patient.equals(place.id()) || standing(patient).stood().contains(place.id()))
                .sorted()
                .toList();
        return claims.stream()
                .filter(patient -> claims.stream()
                        .noneMatch(other -> !other.equals(patient)
                                && standing(other).stood().contains(patient)))
                .findFirst()
                .or(() -> claims.stream().findFirst());
    }

    /**
     * Whom a reference means that stands where none was moved, because the content was changed: one whose own is missing, unless some
     * were the survivor's from the beginning, or it may be of two.
     */
    private Optional<String> moved(Place place, Set<String> lost) {
        List<String> claims = lost.stream()
                .filter(patient -> standing(patient).stood().contains(place.id()))
                .toList();
        return claims.size() == 1 && !meant.get(claims.getFirst()).shared()
                ? Optional.of(claims.getFirst())
                : Optional.empty();
    }

    private Map<String, Meant> now(Set<String> lost, Set<String> foundAgain) {
        Map<String, Set<String>> pointers = new HashMap<>();
        for (Place place : places) {
            String person = person(place);
            if (!target(person).equals(person)) {
                pointers.computeIfAbsent(person, any -> new HashSet<>()).add(place.pointer());
            }
        }
        // What was removed may be restored, as long as the two are one; what was overwritten is who is named now.
        Set<String> there = places.stream().map(Place::pointer).collect(Collectors.toSet());
        for (String patient : lost) {
            if (standing(patient).survivor().isPresent() && !foundAgain.contains(patient)) {
                meant.get(patient).pointers().stream()
                        .filter(pointer -> !there.contains(pointer))
                        .forEach(pointers.computeIfAbsent(patient, any -> new HashSet<>())::add);
            }
        }
        Map<String, Meant> now = new HashMap<>();
        pointers.forEach((person, of) -> {
            if (!of.isEmpty()) {
                now.put(person, new Meant(Set.copyOf(of), isShared(person)));
            }
        });
        return now;
    }

    private boolean isShared(String person) {
        return meant.containsKey(person) && meant.get(person).shared()
                || places.stream()
                        .anyMatch(place ->
                                person(place).equals(place.id()) && place.id().equals(target(person)));
    }

    private String person(Place place) {
        return owners.getOrDefault(place.pointer(), place.id());
    }

    private String target(String person) {
        return standing(person).survivor().orElse(person);
    }

    private Standing standing(String patient) {
        return standings.getOrDefault(patient, new Standing(Optional.empty(), Set.of()));
    }
}
