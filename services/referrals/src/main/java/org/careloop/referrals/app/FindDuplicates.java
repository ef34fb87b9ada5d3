package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.calleraccess.SmartScopes;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.CoordinationTask;
import org.careloop.referrals.domain.Duplicates;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.jspecify.annotations.Nullable;

/**
 * Tells whoever asks for a service of an earlier request for the same: their own, or another's that they may see as who coordinates the
 * person's care. The request stands: who asks twice may mean it, and a refusal would leave a person without help.
 */
@Singleton
public class FindDuplicates {

    private static final String TYPE = "ServiceRequest";

    /** One of those alike is enough; a person who is referred often must not make each request dearer. */
    private static final String MOST = "20";

    private final AccessPolicy policy;
    private final Clock clock;

    FindDuplicates(AccessPolicy policy, Clock clock) {
        this.policy = policy;
        this.clock = clock;
    }

    /** Looks for what {@code request}, as it was stored when it was new, asks again. */
    public Uni<Void> handle(ServiceRequest request, UnitOfWork unit) {
        List<StoredResource> alike = new ArrayList<>();
        return InTurn.each(
                        Stream.of(
                                        new QueryParameter("code", codes(request)),
                                        new QueryParameter("identifier", identifiers(request)))
                                .filter(each -> !each.value().isEmpty())
                                .toList(),
                        sameAs -> unit.search(TYPE, criteria(sameAs, request), shownTo(request.getRequester()))
                                .invoke(alike::addAll))
                .chain(() -> Duplicates.before(request, earliestFirst(alike))
                        .map(other ->
                                TellRequester.by(CoordinationTask.duplicate(request, other, clock.instant()), unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private static Stream<ServiceRequest> earliestFirst(List<StoredResource> found) {
        return found.stream()
                .sorted(Comparator.comparing(StoredResource::changed)
                        .thenComparing(each -> each.key().id().value()))
                .map(each -> each.as(ServiceRequest.class));
    }

    private Condition shownTo(Reference requester) {
        String reference = requester.getReference();
        return reference == null || !reference.startsWith("Organization/")
                ? Condition.NOTHING
                : policy.open(asCoordinator(reference), TYPE, Interaction.READ);
    }

    private static Caller asCoordinator(String organization) {
        return new Caller(
                "duplicates",
                Role.COORDINATOR,
                Optional.of(organization.replaceFirst("^Organization/", "")),
                Optional.empty(),
                Optional.empty(),
                SmartScopes.parse("system/ServiceRequest.rs"),
                false);
    }

    private static List<QueryParameter> criteria(QueryParameter sameAs, ServiceRequest request) {
        String subject = request.getSubject()
                .getReferenceElement()
                .toUnqualifiedVersionless()
                .getValue();
        return List.of(
                sameAs,
                new QueryParameter("subject", subject),
                new QueryParameter("status", "draft,active,on-hold"),
                // Newest created first, as the index is: in any other order all that the person ever needed is read.
                new QueryParameter(
                        "_lastUpdated",
                        "le" + request.getMeta().getLastUpdatedElement().getValueAsString()),
                new QueryParameter("_count", MOST));
    }

    private static String codes(ServiceRequest request) {
        return request.getCode().getCoding().stream()
                .filter(Coding::hasCode)
                .map(coding -> token(coding.getSystem(), coding.getCode()))
                .collect(Collectors.joining(","));
    }

    private static String identifiers(ServiceRequest request) {
        return request.getIdentifier().stream()
                .filter(Identifier::hasValue)
                .map(identifier -> token(identifier.getSystem(), identifier.getValue()))
                .collect(Collectors.joining(","));
    }

    private static String token(@Nullable String system, String value) {
        return (system == null ? "" : escaped(system)) + "|" + escaped(value);
    }

    /** Commas and bars separate, so those within are escaped. */
    private static String escaped(String text) {
        return text.replaceAll("([,|$\\\\])", "\\\\$1");
    }
}
