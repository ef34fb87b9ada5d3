package org.careloop.calleraccess;

import java.util.Optional;
import java.util.function.Function;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.Condition;

/** What a rule may ask beside search parameters: how a resource stands to the caller. */
enum OfCaller {
    /** In the compartment of a patient that the grant of this name opens to the caller's organisation. */
    GRANTED("_granted") {
        @Override
        Condition condition(Caller caller, String type, String grant) {
            return inCompartment(
                    type, caller.organization(), organization -> new Condition.GrantedTo(organization, grant));
        }
    },
    /** In the compartment of a patient that the grant of this name opens to the very person who asks. */
    OPENED("_opened") {
        @Override
        Condition condition(Caller caller, String type, String grant) {
            return inCompartment(type, caller.grantee(), person -> new Condition.GrantedTo(person, grant));
        }
    },
    /** Named by what opens the compartment, under the grant of this name, to the caller's organisation. */
    NAMED("_named") {
        @Override
        Condition condition(Caller caller, String type, String grant) {
            return inCompartment(
                    type, caller.organization(), organization -> new Condition.NamedFor(organization, grant));
        }
    },
    /** In the compartment of the patient who asks. */
    COMPARTMENT("_compartment") {
        @Override
        Condition condition(Caller caller, String type, String value) {
            return caller.patient().<Condition>map(Condition.InCompartment::new).orElse(Condition.NOTHING);
        }
    },
    /** Of a type that is in nobody's compartment, such as Organization. */
    OUTSIDE("_outside") {
        @Override
        Condition condition(Caller caller, String type, String value) {
            return Compartment.has(type) ? Condition.NOTHING : Condition.EVERYTHING;
        }
    },
    /** Made by the caller's organisation, and in nobody's compartment. */
    OWN("_own") {
        @Override
        Condition condition(Caller caller, String type, String value) {
            return caller.organization().<Condition>map(Condition.MadeBy::new).orElse(Condition.NOTHING);
        }
    };

    private final String parameter;

    OfCaller(String parameter) {
        this.parameter = parameter;
    }

    /** Returns what a rule writes as {@code parameter}; empty for a search parameter. */
    static Optional<OfCaller> of(String parameter) {
        for (OfCaller each : values()) {
            if (each.parameter.equals(parameter)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** Types that are in nobody's compartment are opened by no grant; nor is anything to a caller without a name. */
    private static Condition inCompartment(String type, Optional<String> who, Function<String, Condition> opened) {
        return Compartment.has(type) ? who.map(opened).orElse(Condition.NOTHING) : Condition.NOTHING;
    }

    /** Returns what holds of resources of {@code type}; {@code value} is that of the parameter. */
    abstract Condition condition(Caller caller, String type, String value);
}
