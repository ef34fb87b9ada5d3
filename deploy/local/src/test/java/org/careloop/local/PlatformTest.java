package org.careloop.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlatformTest {

    private static final Secrets SECRETS = new Secrets(Map.of("CARELOOP_SECRET_CARELOOP_PATIENTS", "other"));

    private final Platform platform = Platform.of(new Layout(Path.of("/project")), new Ports(0), SECRETS);

    @Test
    void knowsAllPartsAndServices() {
        assertThat(platform.components())
                .extracting(Component::name)
                .containsExactly(
                        "postgres",
                        "kafka",
                        "keycloak",
                        "patients",
                        "care-plans",
                        "referrals",
                        "transitions",
                        "gateway");
        assertThat(platform.components().stream().flatMap(each -> each.ports().stream()))
                .containsExactly(
                        15432, 19092, 19093, 8180, 8081, 8981, 8082, 8982, 8083, 8983, 8084, 8984, 2575, 8080, 8980);
    }

    @Test
    void addsWhatNamedComponentNeeds() {
        assertThat(platform.named(List.of("referrals")))
                .extracting(Component::name)
                .containsExactly("postgres", "kafka", "referrals");
    }

    @Test
    void refusesUnknownName() {
        assertThatThrownBy(() -> platform.named(List.of("billing")))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("there is no billing (expected one of: postgres, kafka, keycloak, patients,");
    }

    @Test
    void refusesServiceThatIsNotBuilt() {
        assertThatThrownBy(() -> platform.named("care-plans").requireBuilt())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("/project/services/care-plans/target/quarkus-app/quarkus-run.jar is missing");
    }

    /** Elsewhere nobody does before a site says who. */
    @Test
    void onlyHereTheOrganizationOfTheDemoKeepsTheDirectory() {
        assertThat(new ServiceEnvironment(new Ports(0), SECRETS).of(Service.REFERRALS))
                .containsEntry("CARELOOP_REFERRALS_DIRECTORY_KEEPERS", "riverside-clinic");
    }

    @Test
    void tellsServiceWhereTheOthersAre() {
        assertThat(new ServiceEnvironment(new Ports(100), SECRETS).of(Service.CARE_PLANS))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("QUARKUS_HTTP_HOST", "127.0.0.1"),
                        Map.entry("QUARKUS_HTTP_PORT", "8182"),
                        Map.entry("QUARKUS_MANAGEMENT_HOST", "127.0.0.1"),
                        Map.entry("QUARKUS_MANAGEMENT_PORT", "9082"),
                        Map.entry("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:19192"),
                        Map.entry("CARELOOP_OIDC_URL", "http://localhost:8280/realms/careloop"),
                        Map.entry("CARELOOP_CLIENT_SECRET", "local-only-careloop-care-plans"),
                        Map.entry("CARELOOP_PAGE_LINKS_KEY", "local-only-page-links-of-this-machine"),
                        Map.entry("CARELOOP_PATIENTS_URL", "http://localhost:8181"),
                        Map.entry("CARELOOP_CARE_PLANS_URL", "http://localhost:8182"),
                        Map.entry("CARELOOP_REFERRALS_URL", "http://localhost:8183"),
                        Map.entry("CARELOOP_TRANSITIONS_URL", "http://localhost:8184"),
                        Map.entry("CARELOOP_GATEWAY_URL", "http://localhost:8180"),
                        Map.entry("CARELOOP_FHIR_BASE_URL", "http://localhost:8180/fhir"),
                        Map.entry("CARELOOP_DATABASE_HOST", "127.0.0.1"),
                        Map.entry("CARELOOP_DATABASE_PORT", "15532"),
                        Map.entry("CARELOOP_DATABASE_PASSWORD", "local-only-care_plans"),
                        Map.entry("MALLOC_ARENA_MAX", "2")));
    }

    @Test
    void takesSecretsFromTheEnvironmentFirst() {
        assertThat(SECRETS.ofClient("careloop-patients")).isEqualTo("other");
        assertThat(SECRETS.ofClient("safe-rides")).isEqualTo("local-only-safe-rides");
        assertThat(SECRETS.ofUser("case-manager")).isEqualTo("local-only-case-manager");
    }
}
