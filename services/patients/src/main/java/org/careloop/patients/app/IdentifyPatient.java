package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.patients.app.Candidates.Candidate;
import org.careloop.patients.domain.Comparison;
import org.careloop.patients.domain.Grade;
import org.careloop.patients.domain.PatientMerge;
import org.careloop.patients.domain.PersonTraits;
import org.careloop.patients.store.MatchReviews;
import org.careloop.patients.store.MatchReviews.Review;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;

/**
 * Tells who somebody is that another system speaks of: by an identifier, else by all else that is told, else somebody new. Who is
 * certainly known gets the identifiers; where it is not certain, there is a new Patient, and a person decides whether it is one of those
 * that it may be.
 *
 * <p>One transaction, and only one at a time for the same identifier or the same birth date: told by many at once, a person is made once.
 */
@Singleton
public class IdentifyPatient {

    private static final String TYPE = "Patient";
    private static final int MOST_REVIEWS = 5;

    private final ResourceStore store;
    private final Candidates candidates;
    private final MatchReviews reviews;
    private final Clock clock;

    IdentifyPatient(ResourceStore store, Candidates candidates, MatchReviews reviews, Clock clock) {
        this.store = store;
        this.candidates = candidates;
        this.reviews = reviews;
        this.clock = clock;
    }

    /** By what the Patient was found. */
    public enum By {
        IDENTIFIER,
        MATCH,
        /** Not found: it is new. */
        NOTHING;

        /** As the answer tells it. */
        public String code() {
            return switch (this) {
                case IDENTIFIER -> "identifier";
                case MATCH -> "match";
                case NOTHING -> "created";
            };
        }
    }

    /**
     * Who it is.
     *
     * @param patient as it is stored now
     * @param grade how sure that is; of a new one, how likely it is the most likely of the others
     * @param reviews how many pairs wait for a decision because of it
     */
    public record Identified(Patient patient, By by, Comparison.Result result, int reviews) {

        /** How sure it is. */
        public Grade grade() {
            return result.grade();
        }
    }

    /**
     * Returns who {@code told} is. Fails with {@link ProblemCode#INVALID_PARAMETER} when nothing tells.
     *
     * @param caller who tells, and makes a new Patient
     */
    public Uni<Identified> handle(Patient told, Caller caller) {
        List<String> locks = locks(told);
        if (locks.isEmpty()) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    "resource: nothing tells who it is (expected: an identifier with system and value, a birth date or a"
                            + " name)");
        }
        return store.inUnit(unit -> InTurn.each(locks, lock -> unit.serialize(TYPE, lock))
                .chain(() -> candidates.byIdentifier(told, search(unit)))
                .chain(known -> known.isEmpty() ? byMatch(told, caller, unit) : byIdentifier(told, known, unit)));
    }

    private static Function<List<QueryParameter>, Uni<List<StoredResource>>> search(UnitOfWork unit) {
        return parameters -> unit.search(TYPE, parameters, Condition.EVERYTHING);
    }

    /** In one order for all, or two would wait for each other. */
    private List<String> locks(Patient told) {
        Stream<String> identifiers = PersonTraits.usable(told, candidates.rules()).stream()
                .map(identifier -> "identify identifier " + Tokens.of(identifier));
        Stream<String> person = told.hasBirthDate()
                ? Stream.of("identify born " + told.getBirthDateElement().getValueAsString())
                : told.getName().stream()
                        .filter(name -> name.hasFamily())
                        .limit(1)
                        .map(name -> "identify named " + name.getFamily().toLowerCase(Locale.ROOT));
        return Stream.concat(identifiers, person).distinct().sorted().toList();
    }

    /**
     * The first of those that the identifiers name; where they name several, one may have been given to two, so a person decides. What
     * contradicts is told by the grade. In both cases no number of one is given to another.
     */
    private Uni<Identified> byIdentifier(Patient told, List<Candidate> known, UnitOfWork unit) {
        Candidate first = known.getFirst();
        List<Review> pairs = known.stream()
                .skip(1)
                .limit(MOST_REVIEWS)
                .map(other -> review(first.id(), other))
                .toList();
        boolean sure = known.size() == 1 && first.result().grade() != Grade.POSSIBLE;
        return ask(pairs, unit)
                .chain(() -> sure ? withIdentifiers(first, told, unit) : asKnown(first, unit))
                .map(patient -> new Identified(patient, By.IDENTIFIER, first.result(), pairs.size()));
    }

    private Uni<Identified> byMatch(Patient told, Caller caller, UnitOfWork unit) {
        return candidates.of(told, search(unit)).chain(found -> {
            List<Candidate> certain = found.stream()
                    .filter(each -> each.result().grade() == Grade.CERTAIN)
                    .toList();
            // Two that are both certain are not told from each other, so it may be either.
            return certain.size() == 1
                    ? withIdentifiers(certain.getFirst(), told, unit)
                            .map(patient -> new Identified(
                                    patient, By.MATCH, certain.getFirst().result(), 0))
                    : create(told, found, caller, unit);
        });
    }

    private Uni<Identified> create(Patient told, List<Candidate> found, Caller caller, UnitOfWork unit) {
        Patient patient = told.copy();
        patient.setId((String) null);
        Comparison.Result likeliest = found.stream()
                .map(Candidate::result)
                .findFirst()
                .orElseGet(() -> new Comparison.Result(
                        0, Grade.CERTAINLY_NOT, false, candidates.rules().version()));
        return unit.create(caller, patient).chain(saved -> {
            List<Review> pairs = found.stream()
                    .limit(MOST_REVIEWS)
                    .map(other -> review(saved.key().id().value(), other))
                    .toList();
            return ask(pairs, unit)
                    .replaceWith(new Identified(saved.as(Patient.class), By.NOTHING, likeliest, pairs.size()));
        });
    }

    private Uni<Void> ask(List<Review> pairs, UnitOfWork unit) {
        return InTurn.each(pairs, pair -> reviews.ask(unit, pair));
    }

    private Review review(String patient, Candidate other) {
        return new Review(
                patient,
                other.id(),
                other.result().score(),
                other.result().grade().code(),
                other.result().version(),
                clock.instant());
    }

    /** Who was found may have been replaced since; from now on it is not until the end. */
    private static Uni<StoredResource> standing(ResourceKey key, UnitOfWork unit) {
        return unit.find(key, Condition.EVERYTHING).chain(found -> {
            StoredResource stored = found.orElseThrow(() ->
                    new FhirProblem(ProblemCode.VERSION_CONFLICT, "Patient: deleted meanwhile (expected: retry)"));
            return PatientMerge.survivorOf(stored.as(Patient.class))
                    .map(survivor -> standing(ResourceKey.of(TYPE, survivor), unit))
                    .orElseGet(() -> Uni.createFrom().item(stored));
        });
    }

    private static Uni<Patient> asKnown(Candidate known, UnitOfWork unit) {
        return standing(known.stored().key(), unit).map(stored -> stored.as(Patient.class));
    }

    /** Who is sought by one of the identifiers next time is found by it. */
    private Uni<Patient> withIdentifiers(Candidate known, Patient told, UnitOfWork unit) {
        return standing(known.stored().key(), unit).chain(stored -> {
            Patient patient = stored.as(Patient.class);
            List<Identifier> lacking = PersonTraits.usable(told, candidates.rules()).stream()
                    .filter(identifier -> patient.getIdentifier().stream()
                            .noneMatch(own -> identifier.getValue().equals(own.getValue())
                                    && Optional.ofNullable(identifier.getSystem())
                                            .equals(Optional.ofNullable(own.getSystem()))))
                    .toList();
            if (lacking.isEmpty()) {
                return Uni.createFrom().item(patient);
            }
            Patient next = patient.copy();
            lacking.forEach(identifier -> next.addIdentifier(identifier.copy()));
            return unit.update(Caller.PLATFORM, stored, next).map(saved -> saved.as(Patient.class));
        });
    }
}
