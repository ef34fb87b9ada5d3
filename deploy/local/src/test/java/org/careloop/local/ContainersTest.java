package org.careloop.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.careloop.parts.ProjectRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The files that set the platform up in containers: nothing travels in plain, and no secret has a value in them. */
class ContainersTest {

    private static final Path ROOT = ProjectRoot.find();
    private static final Map<String, Object> COMPOSE =
            map(documents("docker-compose.yml").getFirst());
    private static final List<String> SERVICES =
            List.of("patients", "care-plans", "referrals", "transitions", "gateway");
    private static final Pattern SECRET =
            Pattern.compile("(?:.*_)?(?:PASSWORD|SECRET)(?:_.*)?|.*_LINKS_(?:PREVIOUS_)?KEY");
    private static final Pattern REQUIRED = Pattern.compile("\\$\\{([A-Z_]+):\\?[^}]*}");

    @Test
    void noConnectionInComposeIsPlain() {
        assertThat(containers().keySet())
                .contains("postgres", "kafka", "kafka-acls", "keycloak")
                .containsAll(SERVICES);
        containers().forEach((name, container) -> {
            Map<String, String> environment = environment(container);
            environment.forEach((variable, value) -> {
                assertThat(value).as(name + " " + variable).doesNotContain("http://", "PLAINTEXT", "SASL_PLAIN");
                if (value.startsWith("jdbc:")) {
                    assertThat(value).contains("sslmode=verify-full", "sslrootcert=/run/tls/ca.crt");
                }
            });
            assertThat(list(container, "volumes"))
                    .as(name)
                    .filteredOn(volume -> volume.contains("CARELOOP_TLS"))
                    .containsExactly("${CARELOOP_TLS:-./.careloop/tls}/"
                            + (name.equals("kafka-acls") ? "kafka-admin" : name) + ":/run/tls:ro");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"patients", "care-plans", "referrals", "transitions", "gateway"})
    void servicesInComposeRunInTheProfileForTls(String service) {
        assertThat(environment(container(service)))
                .containsEntry("QUARKUS_PROFILE", "prod,tls")
                .containsEntry("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
    }

    @Test
    void theBrokerKnowsEachClientAndAllowsWhatIsListed() {
        assertThat(environment(container("kafka")))
                .containsEntry("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "CONTROLLER:SSL,PARTS:SSL")
                .containsEntry("KAFKA_SSL_CLIENT_AUTH", "required")
                .containsEntry("KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND", "false")
                .containsEntry(
                        "KAFKA_AUTHORIZER_CLASS_NAME", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    }

    @Test
    void theDatabaseServerTakesEncryptedConnectionsAlone() {
        assertThat(list(container("postgres"), "command"))
                .contains("ssl=on", "hba_file=/etc/careloop/pg_hba.conf", "log_min_error_statement=panic")
                .contains("log_error_verbosity=terse", "log_parameter_max_length_on_error=0");
        assertThat(text("deploy/images/pg_hba.conf").lines())
                .filteredOn(line -> !line.startsWith("#"))
                .allMatch(line -> line.matches("local +all +all +trust|hostssl +all +all +all +scram-sha-256"));
    }

    @Test
    void keycloakSpeaksHttpsAlone() {
        assertThat(environment(container("keycloak")))
                .containsEntry("KC_HTTP_ENABLED", "false")
                .containsEntry("KC_HTTP_MANAGEMENT_HOST", "127.0.0.1")
                .containsEntry("KC_HTTPS_CERTIFICATE_FILE", "/run/tls/tls.crt");
    }

    @Test
    void onlyWhatClientsUseHasAPortOutside() {
        Map<String, List<String>> published = new TreeMap<>();
        containers().forEach((name, container) -> published.put(name, list(container, "ports")));
        published.values().removeIf(List::isEmpty);
        assertThat(published)
                .isEqualTo(Map.of(
                        "gateway", List.of("8443:8443"),
                        "keycloak", List.of("8543:8443"),
                        "transitions", List.of("${CARELOOP_MLLP_ADDRESS:-127.0.0.1}:2575:2575")));
    }

    /** A default would be public. */
    @Test
    void composeGivesNoSecretAValue() {
        Set<String> demanded = new TreeSet<>();
        containers()
                .forEach((name, container) -> environment(container).forEach((variable, value) -> {
                    if (SECRET.matcher(variable).matches() && !variable.endsWith("_PREVIOUS_KEY")) {
                        assertThat(value).as(name + " " + variable).matches(REQUIRED);
                        demanded.add(REQUIRED.matcher(value)
                                .results()
                                .findFirst()
                                .orElseThrow()
                                .group(1));
                    }
                }));
        Set<String> offered = text("deploy/images/.env.example")
                .lines()
                .filter(line -> line.matches("[A-Z_]+="))
                .map(line -> line.substring(0, line.length() - 1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(demanded).isNotEmpty().isEqualTo(offered);
    }

    @Test
    void nobodyKeepsTheDirectoryBeforeASiteSaysWho() {
        assertThat(environment(container("referrals")))
                .containsEntry("CARELOOP_REFERRALS_DIRECTORY_KEEPERS", "${CARELOOP_REFERRALS_DIRECTORY_KEEPERS:-}");
        assertThat(list(
                        map(list(manifest("kustomization.yaml").getFirst(), "configMapGenerator", Object.class)
                                .getFirst()),
                        "literals"))
                .contains("CARELOOP_REFERRALS_DIRECTORY_KEEPERS=");
    }

    /** What the realm file takes from the environment has public values for one machine when that does not tell. */
    @Test
    void composeTellsEverySecretOfTheRealm() {
        Set<String> placeholders = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*):local-only")
                .matcher(text("deploy/keycloak/careloop-realm.json"))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        assertThat(placeholders).hasSizeGreaterThan(10);
        assertThat(environment(container("keycloak")).keySet()).containsAll(placeholders);
    }

    @Test
    void noConnectionInKubernetesIsPlain() {
        List<String> literals = list(
                map(list(manifest("kustomization.yaml").getFirst(), "configMapGenerator", Object.class)
                        .getFirst()),
                "literals");
        assertThat(literals).contains("QUARKUS_PROFILE=prod,tls").noneMatch(literal -> literal.contains("http:"));
        assertThat(list(manifest("kustomization.yaml").getFirst(), "resources"))
                .contains("certificates.yaml")
                .containsAll(SERVICES.stream().map(service -> service + ".yaml").toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"patients", "care-plans", "referrals", "transitions", "gateway"})
    void aServiceInKubernetesHasItsCertificateAndNoSecretOfItsOwn(String service) {
        // Given
        Map<String, Object> deployment = manifest(service + ".yaml").getFirst();
        Map<String, Object> pod = at(deployment, "spec", "template", "spec");
        Map<String, Object> container =
                map(list(pod, "containers", Object.class).getFirst());
        Map<String, Object> certificate = manifest("certificates.yaml").stream()
                .filter(each -> at(each, "metadata").get("name").equals("careloop-" + service))
                .findFirst()
                .orElseThrow();
        Map<String, Object> wanted = at(certificate, "spec");
        // Then
        assertThat(wanted.get("secretName")).isEqualTo("careloop-" + service + "-tls");
        assertThat(wanted.get("commonName")).isEqualTo(service);
        assertThat(list(wanted, "dnsNames")).containsExactly(service);
        assertThat(list(wanted, "usages")).contains("server auth", "client auth");
        assertThat(wanted.get("additionalOutputFormats")).isEqualTo(List.of(Map.of("type", "CombinedPEM")));
        assertThat(list(pod, "volumes", Object.class))
                .contains(Map.of("name", "tls", "secret", Map.of("secretName", "careloop-" + service + "-tls")));
        assertThat(list(container, "volumeMounts", Object.class))
                .contains(Map.of("name", "tls", "mountPath", "/run/tls", "readOnly", true));
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            assertThat(at(container, probe, "httpGet").get("port")).isEqualTo("management");
        }
        for (Object variable : list(container, "env", Object.class)) {
            if (SECRET.matcher(String.valueOf(map(variable).get("name"))).matches()) {
                assertThat(map(variable)).doesNotContainKey("value");
                assertThat(at(map(variable), "valueFrom")).containsKey("secretKeyRef");
            }
        }
    }

    @Test
    void publicSecretsAreInNoFileForContainers() throws IOException {
        List<Path> files = new ArrayList<>(List.of(ROOT.resolve("docker-compose.yml")));
        for (String folder : List.of("deploy/kubernetes", "deploy/images")) {
            try (Stream<Path> all = Files.walk(ROOT.resolve(folder))) {
                all.filter(Files::isRegularFile).forEach(files::add);
            }
        }
        assertThat(files)
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        file -> assertThat(Files.readString(file)).doesNotContain("local-only", "BEGIN PRIVATE KEY"));
    }

    private static Map<String, Map<String, Object>> containers() {
        Map<String, Map<String, Object>> containers = new TreeMap<>();
        at(COMPOSE, "services").forEach((name, container) -> containers.put(name, map(container)));
        return containers;
    }

    private static Map<String, Object> container(String name) {
        return containers().get(name);
    }

    private static Map<String, String> environment(Map<String, Object> container) {
        return at(container, "environment").entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> String.valueOf(entry.getValue())));
    }

    private static List<Map<String, Object>> manifest(String name) {
        return documents("deploy/kubernetes/base/" + name).stream()
                .map(ContainersTest::map)
                .toList();
    }

    private static List<Object> documents(String file) {
        return StreamSupport.stream(new Yaml().loadAll(text(file)).spliterator(), false)
                .toList();
    }

    private static String text(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> at(Map<String, Object> from, String... path) {
        Map<String, Object> found = from;
        for (String name : path) {
            found = map(found.get(name));
        }
        return found;
    }

    private static List<String> list(Map<String, Object> from, String name) {
        return list(from, name, String.class);
    }

    private static <T> List<T> list(Map<String, Object> from, String name, Class<T> kind) {
        return from.get(name) instanceof List<?> values
                ? values.stream().map(kind::cast).toList()
                : List.of();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }
}
