package org.careloop.fhirrest;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.calleraccess.AccessToken;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Callers;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.ResourceStore;
import org.jspecify.annotations.Nullable;

/** Who sent the current request, and what the rules open to them; asked before anything else happens. */
@RequestScoped
public class CallerOfRequest {

    private static final String UNCHECKED = "unchecked";

    /** Claim with a code of v3 ActReason: why this caller asks, where it is not what its role usually asks for. */
    private static final String PURPOSE = "purpose_of_use";

    private final SecurityIdentity identity;
    private final Callers callers;
    private final AccessPolicy policy;
    private final ResourceStore store;
    private final CurrentVertxRequest request;
    private @Nullable Caller caller;

    CallerOfRequest(
            SecurityIdentity identity,
            Callers callers,
            AccessPolicy policy,
            ResourceStore store,
            CurrentVertxRequest request) {
        this.identity = identity;
        this.callers = callers;
        this.policy = policy;
        this.store = store;
        this.request = request;
    }

    /** Returns the caller; fails with {@link ProblemCode#UNAUTHENTICATED} or {@link ProblemCode#FORBIDDEN}. */
    public Caller caller() {
        if (caller == null) {
            Optional<AccessToken> token =
                    identity.getPrincipal() instanceof AccessToken verified ? Optional.of(verified) : Optional.empty();
            Optional<AuditedRequest> audited = AuditedRequest.current();
            audited.ifPresent(known -> known.namedBy(
                    token.flatMap(named -> named.claim("azp")), token.flatMap(named -> named.claim("sub"))));
            Caller known = callers.of(identity);
            HttpServerRequest http = request.getCurrent().request();
            audited.ifPresent(trail -> {
                trail.by(known, token.flatMap(named -> named.claim(PURPOSE)));
                if (known.isPlatform() && http.getHeader(FhirHeaders.ON_BEHALF_OF) != null) {
                    trail.onBehalfOf(http.getHeader(FhirHeaders.ON_BEHALF_OF));
                }
            });
            String references = http.getHeader(FhirHeaders.REFERENCES);
            caller = UNCHECKED.equals(references) ? known.vouching() : known;
        }
        return caller;
    }

    /** Returns the verified token of the caller; fails as {@link #caller} does. */
    public String token() {
        caller();
        return ((AccessToken) identity.getPrincipal()).raw();
    }

    /** Returns the caller if it has one of {@code roles}; fails with {@link ProblemCode#FORBIDDEN}. */
    public Caller require(Role... roles) {
        Caller caller = caller();
        for (Role role : roles) {
            if (caller.role() == role) {
                return caller;
            }
        }
        throw new FhirProblem(ProblemCode.FORBIDDEN, "access token: role not allowed here");
    }

    /**
     * Returns what the caller may do {@code interaction} with; fails with {@link ProblemCode#UNKNOWN_TYPE} when the service
     * does not hold {@code type}, with {@link ProblemCode#FORBIDDEN} when nothing of it is open.
     */
    public Condition access(String type, Interaction interaction) {
        Caller caller = caller();
        if (!store.types().contains(type)) {
            throw new FhirProblem(
                    ProblemCode.UNKNOWN_TYPE,
                    "resource type: unknown (expected: one that the capability statement lists)");
        }
        return policy.decide(caller, type, interaction);
    }

    /**
     * Returns the patient whose accesses alone the caller may see in the audit trail; empty when all are open. Fails with
     * {@link ProblemCode#FORBIDDEN} when none is.
     */
    public Optional<String> auditTrail(Interaction interaction) {
        Condition open = policy.decide(caller(), AccessPolicy.AUDIT_EVENT, interaction);
        return open.equals(Condition.EVERYTHING) ? Optional.empty() : Optional.of(onlyPatient(open));
    }

    /** Rows of the trail know no other condition, so every other opens nothing. */
    private static String onlyPatient(Condition open) {
        List<Condition> conditions =
                open instanceof Condition.AnyOf any && any.conditions().size() == 1
                        ? any.conditions().getFirst().conjuncts()
                        : open.conjuncts();
        if (conditions.size() == 1 && conditions.getFirst() instanceof Condition.InCompartment own) {
            return own.patient();
        }
        throw new FhirProblem(
                ProblemCode.FORBIDDEN, "AuditEvent: not open to this caller (expected: all, or a patient's own)");
    }

    /**
     * Returns what {@code query} asks for in a conditional interaction with {@code type}, which finds what a search would; fails
     * as the search does.
     */
    public Criteria criteria(String type, String query) {
        Function<String, Condition> shown = shown(type);
        List<QueryParameter> filters = Criteria.filters(query);
        requireHops(Criteria.condition(type, filters));
        return new Criteria(type, filters, shown);
    }

    /**
     * Fails as a search of it does when {@code condition} leads through a type that the caller may not search, by a chain or
     * {@code _has}; a chain that may lead to several types needs one.
     */
    public void requireHops(Condition condition) {
        Caller caller = caller();
        condition
                .shutHop(type -> included(caller, type).equals(Condition.NOTHING))
                .ifPresent(type -> policy.decide(caller, type, Interaction.SEARCH));
    }

    /** Returns, for each type, what may be shown in a search: nothing of a type that is not open. */
    public Function<String, Condition> shown(String searched) {
        Condition matches = access(searched, Interaction.SEARCH);
        Caller caller = caller();
        return type -> type.equals(searched) ? matches : included(caller, type);
    }

    /**
     * Returns, for each type, what may be shown in a search of {@code searched}; fails with {@link ProblemCode#FORBIDDEN}
     * when none of them is open.
     */
    public Function<String, Condition> shown(Set<String> searched) {
        if (searched.size() == 1) {
            return shown(searched.iterator().next());
        }
        Caller caller = caller();
        Map<String, Condition> open = new HashMap<>();
        FhirProblem refusal = new FhirProblem(ProblemCode.FORBIDDEN, "types: none is open to this caller");
        for (String type : searched) {
            try {
                open.put(type, access(type, Interaction.SEARCH));
            } catch (FhirProblem notOpen) {
                refusal = notOpen;
            }
        }
        if (open.isEmpty()) {
            throw refusal;
        }
        return type -> searched.contains(type) ? open.getOrDefault(type, Condition.NOTHING) : included(caller, type);
    }

    /** Returns, for each type, what may be shown of it beside what was searched: nothing of a type that is not open. */
    public Function<String, Condition> included() {
        Caller caller = caller();
        return type -> included(caller, type);
    }

    /** What a search adds or leads through, it has searched too. */
    private Condition included(Caller caller, String type) {
        return policy.open(caller, type, Interaction.SEARCH);
    }
}
