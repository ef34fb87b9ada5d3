package org.careloop.calleraccess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.QueryParameter;
import org.junit.jupiter.api.Test;

class PageLinksTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final List<QueryParameter> PAGE =
            QueryParameter.parse("patient.name=Ada%20L|x&_count=2&_cursor=1780000000000000-42");
    private static final String ADA = token("{\"sub\":\"ada\",\"azp\":\"cli\"}");

    private final PageLinks links = links("0123456789abcdef0123456789abcdef", Optional.empty());

    @Test
    void opensForWhomItWasSealed() {
        // When
        String query = links.seal("Task", ADA, PAGE, NOW);
        // Then
        assertThat(query).matches("\\?_page=[A-Za-z0-9_-]+").doesNotContain("Ada");
        assertThat(links.opened("Task", "Bearer " + ADA, asked(query), NOW)).isEqualTo(PAGE);
    }

    @Test
    void formOfTheAnswerMayStandBeside() {
        // When
        String query = links.seal("Task", ADA, PAGE, NOW) + "&_format=xml";
        // Then
        assertThat(links.opened("Task", ADA, asked(query), NOW))
                .containsAll(PAGE)
                .contains(new QueryParameter("_format", "xml"));
    }

    @Test
    void sealsTheSamePageDifferentlyEachTime() {
        assertThat(links.seal("Task", ADA, PAGE, NOW)).isNotEqualTo(links.seal("Task", ADA, PAGE, NOW));
    }

    @Test
    void refusesEveryChange() {
        // Given
        String query = links.seal("Task", ADA, PAGE, NOW);
        int start = "?_page=".length();
        List<String> changed = new ArrayList<>(List.of("?_page=", "?_page=AAAA", "?_page=%00", query + "&status=x"));
        for (int i = start; i < query.length() - 1; i++) {
            char other = query.charAt(i) == 'A' ? 'B' : 'A';
            changed.add(query.substring(0, i) + other + query.substring(i + 1));
        }
        // Then
        assertThat(changed).allSatisfy(link -> refused(links, "Task", ADA, link, NOW, ProblemCode.INVALID_PARAMETER));
    }

    @Test
    void refusesAnotherCallerPathAndTime() {
        // Given
        String query = links.seal("Task", ADA, PAGE, NOW);
        // Then
        refused(links, "Task", token("{\"sub\":\"ben\",\"azp\":\"cli\"}"), query, NOW, ProblemCode.FORBIDDEN);
        refused(links, "Patient", ADA, query, NOW, ProblemCode.INVALID_PARAMETER);
        refused(links, "Task", ADA, query, NOW.plusSeconds(3601), ProblemCode.PAGE_LINK_EXPIRED);
        assertThat(links.opened("Task", ADA, asked(query), NOW.plusSeconds(3600)))
                .isEqualTo(PAGE);
    }

    @Test
    void refusesPlaceInClear() {
        refused(links, "Task", ADA, "?status=x&_cursor=1-2", NOW, ProblemCode.UNSUPPORTED_PARAMETER);
    }

    @Test
    void linksOfThePreviousKeyCanBeFollowed() {
        // Given
        String before = links.seal("Task", ADA, PAGE, NOW);
        String next = "fedcba9876543210fedcba9876543210";
        // Then
        assertThat(links(next, Optional.of("0123456789abcdef0123456789abcdef")).opened("Task", ADA, asked(before), NOW))
                .isEqualTo(PAGE);
        refused(links(next, Optional.empty()), "Task", ADA, before, NOW, ProblemCode.INVALID_PARAMETER);
    }

    @Test
    void clientWithoutAPersonIsNamedByItself() {
        // Given
        String query = links.seal("Task", token("{\"azp\":\"ehr\"}"), PAGE, NOW);
        // Then
        refused(links, "Task", token("{\"azp\":\"other\"}"), query, NOW, ProblemCode.FORBIDDEN);
    }

    @Test
    void refusesToStartWithAShortKey() {
        assertThatThrownBy(() -> links("short", Optional.empty())).isInstanceOf(IllegalStateException.class);
    }

    private static void refused(
            PageLinks links, String path, String token, String query, Instant now, ProblemCode code) {
        assertThatThrownBy(() -> links.opened(path, token, asked(query), now))
                .asInstanceOf(type(FhirProblem.class))
                .extracting(FhirProblem::code)
                .isEqualTo(code);
    }

    private static List<QueryParameter> asked(String query) {
        return QueryParameter.parse(query.substring(1));
    }

    private static String token(String claims) {
        return "h." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".s";
    }

    private static PageLinks links(String key, Optional<String> previous) {
        return new PageLinks(new PageLinksConfig() {
            @Override
            public String key() {
                return key;
            }

            @Override
            public Optional<String> previousKey() {
                return previous;
            }

            @Override
            public Duration expiry() {
                return Duration.ofHours(1);
            }
        });
    }
}
