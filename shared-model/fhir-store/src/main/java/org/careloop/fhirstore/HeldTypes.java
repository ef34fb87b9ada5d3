package org.careloop.fhirstore;

import java.util.List;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirsearch.SearchRequest;

/** Refuses searches that lead to types of other services: an empty answer would look like a true one. */
final class HeldTypes {

    private HeldTypes() {}

    /** Fails with {@link ProblemCode#UNKNOWN_TYPE} unless {@code type} is held here. */
    static void require(String type, Set<String> held) {
        if (!held.contains(type)) {
            throw new FhirProblem(ProblemCode.UNKNOWN_TYPE, type + ": not held here");
        }
    }

    static void require(SearchRequest request, Set<String> held) {
        require(request.condition(), held);
        request.includes().forEach(include -> {
            if (include.iterate()) {
                throw new FhirProblem(
                        ProblemCode.UNSUPPORTED_PARAMETER,
                        "_include, _revinclude: iterated at the gateway alone (expected: one step)");
            }
            boolean leadsHere = include.reverse()
                    ? held.contains(include.source())
                    : include.target().map(held::contains).orElseGet(() -> leadsHere(include, held));
            if (!leadsHere) {
                throw elsewhere(include.reverse() ? "_revinclude" : "_include");
            }
        });
    }

    /** A reference whose definition names no types may lead to any. */
    private static boolean leadsHere(SearchRequest.Include include, Set<String> held) {
        Set<String> targets =
                SearchParameters.of(include.source()).get(include.parameter()).targets();
        return targets.isEmpty() || targets.stream().anyMatch(held::contains);
    }

    private static void require(Condition condition, Set<String> held) {
        switch (condition) {
            case Condition.Chain chain -> require("chain", chain.type(), chain.target(), held);
            case Condition.ReverseChain chain -> require("_has", chain.type(), chain.source(), held);
            case Condition.AnyOf any -> require(any.conditions(), held);
            case Condition.AllOf all -> require(all.conditions(), held);
            case Condition.Not not -> require(not.condition(), held);
            case Condition.HasToken ignored -> {}
            case Condition.RefersTo ignored -> {}
            case Condition.HasString ignored -> {}
            case Condition.HasDate ignored -> {}
            case Condition.HasNumber ignored -> {}
            case Condition.Coded ignored -> {}
            case Condition.HasId ignored -> {}
            case Condition.HasKey ignored -> {}
            case Condition.Changed ignored -> {}
            case Condition.GrantedTo ignored -> {}
            case Condition.NamedFor ignored -> {}
            case Condition.MadeBy ignored -> {}
            case Condition.Consented ignored -> {}
            case Condition.InCompartment ignored -> {}
            case Condition.InPart ignored -> {}
        }
    }

    private static void require(List<Condition> conditions, Set<String> held) {
        conditions.forEach(condition -> require(condition, held));
    }

    private static void require(String parameter, String type, Condition condition, Set<String> held) {
        if (!held.contains(type)) {
            throw elsewhere(parameter);
        }
        require(condition, held);
    }

    private static FhirProblem elsewhere(String parameter) {
        return new FhirProblem(
                ProblemCode.UNSUPPORTED_PARAMETER,
                parameter + ": leads to a type of another service (expected: a type of the service that is searched)");
    }
}
