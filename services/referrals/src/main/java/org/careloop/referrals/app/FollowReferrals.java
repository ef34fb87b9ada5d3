package org.careloop.referrals.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.referrals.ReferralsConfig;
import org.careloop.referrals.domain.EndReasons;
import org.careloop.referrals.domain.ReferralCourse;
import org.careloop.referrals.domain.TaskVersion;
import org.careloop.referrals.store.Cancellations;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * Reads what became of referrals from the stored versions of their Tasks. Of a version no more is read than figures need, and
 * nothing of whom it is about.
 */
@Singleton
class FollowReferrals {

    static final String TYPE = "Task";

    private static final Set<String> ELEMENTS = Set.of("status", "statusReason", "businessStatus", "owner", "focus");
    private static final QueryParameter FULFIL =
            new QueryParameter("code", "http://hl7.org/fhir/CodeSystem/task-code|fulfill");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ResourceStore store;
    private final Cancellations cancellations;
    private final int most;

    FollowReferrals(ResourceStore store, Cancellations cancellations, ReferralsConfig config) {
        this.store = store;
        this.cancellations = cancellations;
        this.most = config.maxVersionsCounted();
    }

    /** Returns the condition of the referral Tasks that match {@code filters}; fails as a search does. */
    static Condition referrals(List<QueryParameter> filters) {
        List<QueryParameter> all = new ArrayList<>(filters);
        all.add(FULFIL);
        return SearchParser.condition(TYPE, all);
    }

    /**
     * Returns the course of each referral that fulfils {@code condition}, is {@code shown} with all of its versions, and was changed
     * since {@code since}; fails with {@link ProblemCode#TOO_COSTLY} where that takes too many versions.
     */
    Uni<List<FollowedReferral>> handle(Condition condition, Function<String, Condition> shown, Instant since) {
        // Of what changed there is less than of what has a code.
        SearchRequest search = new SearchRequest(
                Set.of(TYPE),
                condition,
                SearchRequest.Order.NEWEST_CHANGED,
                most,
                false,
                List.of(),
                Optional.empty(),
                List.of());
        return store.versions(search, shown, ELEMENTS, since)
                .chain(versions -> HeavyWork.run(
                        versions.stream()
                                .mapToInt(version -> version.body().length())
                                .sum(),
                        () -> read(versions)))
                .chain(tasks -> cancellations.among(tasks.keySet()).map(byAgency -> follow(tasks, byAgency)));
    }

    private static List<FollowedReferral> follow(Map<String, List<TaskVersion>> tasks, Set<String> byAgency) {
        List<FollowedReferral> followed = new ArrayList<>();
        tasks.forEach((task, versions) -> versions.getLast()
                .owner()
                .flatMap(agency -> ReferralCourse.of(versions, agency, byAgency.contains(task)))
                .ifPresent(course -> followed.add(new FollowedReferral(task, course))));
        return followed;
    }

    /** A time that was measured from a version that is not the first would be wrong, so what is shown in part does not count. */
    private static Map<String, List<TaskVersion>> read(List<StoredResource> stored) {
        Map<String, List<StoredResource>> byTask = new LinkedHashMap<>();
        stored.forEach(version -> byTask.computeIfAbsent(version.key().id().value(), task -> new ArrayList<>())
                .add(version));
        Map<String, List<TaskVersion>> tasks = new LinkedHashMap<>();
        byTask.forEach((task, versions) -> {
            if (versions.size() == versions.getLast().version()) {
                List<TaskVersion> read = versions.stream()
                        .filter(version -> !version.deleted())
                        .flatMap(version -> read(version).stream())
                        .toList();
                if (!read.isEmpty()) {
                    tasks.put(task, read);
                }
            }
        });
        return tasks;
    }

    /** Empty when it is not about a request. */
    private static Optional<TaskVersion> read(StoredResource version) {
        try {
            JsonNode task = JSON.readTree(version.body().getBytes());
            return task.at("/focus/reference").asText().startsWith("ServiceRequest/")
                    ? Optional.of(new TaskVersion(
                            version.changed(),
                            TaskStatus.fromCode(task.path("status").asText()),
                            text(task.at("/owner/reference")),
                            reason(task.path("statusReason")),
                            text(task.path("businessStatus"))))
                    : Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("what is stored is JSON", e);
        }
    }

    private static Optional<String> reason(JsonNode statusReason) {
        for (JsonNode coding : statusReason.path("coding")) {
            if (coding.path("system").asText().equals(EndReasons.SYSTEM)) {
                return Optional.of(coding.path("code").asText());
            }
        }
        return statusReason.isMissingNode() ? Optional.empty() : Optional.of(TaskVersion.UNCODED);
    }

    private static Optional<String> text(JsonNode node) {
        return node.isMissingNode()
                ? Optional.empty()
                : Optional.of(node.isTextual() ? node.asText() : node.toString());
    }
}
