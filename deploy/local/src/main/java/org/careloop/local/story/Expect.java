package org.careloop.local.story;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import org.careloop.local.story.StoryPlatform.Answer;

/** What the story expects; what is told by events is waited for. */
final class Expect {

    static final Predicate<JsonNode> ANY = found -> true;

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int SHOWN = 300;

    private final StoryPlatform platform;

    Expect(StoryPlatform platform) {
        this.platform = platform;
    }

    Answer status(Answer answer, int... expected) {
        if (Arrays.stream(expected).noneMatch(status -> status == answer.status())) {
            String body = answer.text();
            throw new StoryFailure("status " + answer.status() + " (expected: " + Arrays.toString(expected) + "): "
                    + body.substring(0, Math.min(SHOWN, body.length())));
        }
        return answer;
    }

    /** An error with an OperationOutcome that says what was wrong. */
    void problem(Answer answer, int status) {
        status(answer, status);
        JsonNode issue = answer.json().path("issue").path(0);
        that(
                answer.json().path("resourceType").asText().equals("OperationOutcome")
                        && !issue.path("diagnostics").asText().isEmpty(),
                "an OperationOutcome with diagnostics");
    }

    void that(boolean holds, String what) {
        if (!holds) {
            throw new StoryFailure("expected: " + what);
        }
    }

    void acknowledged(String acknowledgement, String code) {
        that(
                acknowledgement.startsWith("MSH|") && acknowledgement.contains("\rMSA|" + code + "|"),
                "an acknowledgement with " + code + ", got " + acknowledgement.replace('\r', ' '));
    }

    /** Waits until {@code path} can be read. */
    JsonNode eventually(String who, String path) {
        return wait(path + " for " + who, () -> {
            Answer answer = platform.get(who, path);
            return answer.status() == 200 ? Optional.of(answer.json()) : Optional.empty();
        });
    }

    /** Waits until {@code query} finds exactly one resource, and it fulfils {@code condition}. */
    JsonNode one(String who, String query, Predicate<JsonNode> condition) {
        return search(
                who,
                query,
                found -> found.size() == 1 && condition.test(found.getFirst())
                        ? Optional.of(found.getFirst())
                        : Optional.empty());
    }

    /** Waits until {@code query} finds a resource that fulfils {@code condition}. */
    JsonNode any(String who, String query, Predicate<JsonNode> condition) {
        return search(who, query, found -> found.stream().filter(condition).findFirst());
    }

    /** Waits until {@code query} finds at least {@code count} resources. */
    List<JsonNode> atLeast(String who, String query, int count) {
        return search(who, query, found -> found.size() >= count ? Optional.of(found) : Optional.empty());
    }

    private <T> T search(String who, String query, Function<List<JsonNode>, Optional<T>> check) {
        return wait(query + " by " + who, () -> {
            Answer answer = platform.get(who, query);
            // A service that was killed is away for a while; what it is asked meanwhile is asked again.
            if (answer.status() == 503) {
                return Optional.empty();
            }
            List<JsonNode> found = new ArrayList<>();
            status(answer, 200).json().path("entry").forEach(entry -> found.add(entry.path("resource")));
            return check.apply(found);
        });
    }

    private interface Attempt<T> {
        Optional<T> result();
    }

    private static <T> T wait(String what, Attempt<T> attempt) {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            Optional<T> result = attempt.result();
            if (result.isPresent()) {
                return result.get();
            }
            if (Instant.now().isAfter(end)) {
                throw new StoryFailure("did not happen within " + PATIENCE.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
