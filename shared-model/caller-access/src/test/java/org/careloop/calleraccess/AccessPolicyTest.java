package org.careloop.calleraccess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirsearch.VisibleElements;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessPolicyTest {

    private static final ConsentRules CONSENT = ConsentRules.load(Optional.empty());

    private static final AccessPolicy POLICY = policy("""
            version: "1"
            roles:
              service: {"*": {may: cruds}}
              coordinator: {"*": {may: cruds}, Consent: {may: rs}}
              supervisor: {"*": [{may: rs, where: [_granted=asked, _own, _outside]}, {may: u, where: [_own]}]}
              event-source: {Patient: {may: ""}}
              partner:
                Patient: {may: rs, where: ["_granted=asked"]}
                Procedure: {may: crus, where: ["_granted=asked&performer=Organization/{organization}", "status=entered-in-error"]}
              patient: {"*": {may: rs, where: ["_compartment"]}}
            grants:
              asked:
                - service: referrals
                  type: Task
                  organization: [owner, _author]
                  patient: patient
                  status: [requested, accepted]
                  after: {completed: P30D}
            """);

    @ParameterizedTest
    @CsvSource({
        "SERVICE, Patient, cruds",
        "COORDINATOR, Patient, cruds",
        "COORDINATOR, Consent, rs",
        "SUPERVISOR, Patient, rus",
        "SUPERVISOR, Organization, rus",
        "EVENT_SOURCE, Patient, ''",
        "EVENT_SOURCE, Observation, ''",
        "PARTNER, Patient, rs",
        "PARTNER, Procedure, crus",
        "PARTNER, Observation, ''",
        "PATIENT, Observation, rs"
    })
    void eachRoleMayDoWhatItsRuleSays(Role role, String type, String letters) {
        for (Interaction interaction : Interaction.values()) {
            // When
            boolean open = opens(caller(role, "harbor", "p1", "system/*.cruds"), type, interaction);
            // Then
            assertThat(open).as("%s %s", role, interaction).isEqualTo(letters.indexOf(interaction.letter()) >= 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void withoutAScopeNothingIsOpen(Role role) {
        for (Interaction interaction : Interaction.values()) {
            assertThat(opens(caller(role, "harbor", "p1", "openid system/Task.cruds"), "Patient", interaction))
                    .isFalse();
        }
    }

    @Test
    void aRuleWithoutConditionOpensEverything() {
        assertThat(POLICY.decide(caller(Role.COORDINATOR, null, null, "system/*.cruds"), "Patient", Interaction.READ))
                .isEqualTo(Condition.EVERYTHING);
    }

    @Test
    void conditionsOfOneAlternativeMustAllHold() {
        assertThat(POLICY.decide(caller(Role.PARTNER, "harbor", null, "system/*.cruds"), "Procedure", Interaction.READ))
                .isEqualTo(new Condition.AllOf(List.of(
                        new Condition.AnyOf(List.of(
                                new Condition.AllOf(List.of(
                                        new Condition.GrantedTo("harbor", "asked"),
                                        filters("Procedure", "performer=Organization/harbor"))),
                                filters("Procedure", "status=entered-in-error"))),
                        CONSENT.condition(caller(Role.PARTNER, "harbor", null, "system/*.cruds"), "Procedure"))));
    }

    @Test
    void aPartnersAccessAsksForConsentInCompartmentsAndThatOfTheRecordersDoesNot() {
        assertThat(CONSENT.condition(caller(Role.PARTNER, "harbor", null, "system/*.rs"), "Procedure"))
                .isInstanceOf(Condition.Consented.class);
        assertThat(CONSENT.condition(caller(Role.PARTNER, "harbor", null, "system/*.rs"), "Organization"))
                .isEqualTo(Condition.EVERYTHING);
        assertThat(CONSENT.condition(caller(Role.COORDINATOR, "clinic", null, "system/*.rs"), "Procedure"))
                .isEqualTo(Condition.EVERYTHING);
    }

    @Test
    void aPatientSeesItsCompartment() {
        assertThat(POLICY.decide(caller(Role.PATIENT, null, "p1", "patient/*.rs"), "Observation", Interaction.SEARCH))
                .isEqualTo(new Condition.InCompartment("p1"));
    }

    @Test
    void aTokenThatDoesNotSayForWhomOpensNothing() {
        for (Role role : List.of(Role.PARTNER, Role.PATIENT, Role.SUPERVISOR)) {
            assertThat(opens(caller(role, null, null, "system/*.cruds"), "Patient", Interaction.READ))
                    .as(role.claim())
                    .isFalse();
        }
    }

    /** SMART App Launch 2.2: each granular scope is a filter; several are alternatives. */
    @Test
    void aScopeWithParametersOpensWhatFulfilsThem() {
        // Given
        Caller caller = caller(Role.COORDINATOR, null, null, "user/Observation.rs?category=laboratory");
        // Then
        assertThat(POLICY.decide(caller, "Observation", Interaction.SEARCH))
                .isEqualTo(filters("Observation", "category=laboratory"));
    }

    @Test
    void severalScopesWithParametersAreAlternatives() {
        // Given
        Caller caller = caller(
                Role.COORDINATOR,
                null,
                null,
                "user/Observation.rs?category=laboratory user/Observation.rs?category=vital-signs");
        // Then
        assertThat(POLICY.decide(caller, "Observation", Interaction.READ))
                .isInstanceOfSatisfying(
                        Condition.AnyOf.class,
                        any -> assertThat(any.conditions())
                                .containsExactlyInAnyOrder(
                                        filters("Observation", "category=laboratory"),
                                        filters("Observation", "category=vital-signs")));
    }

    @Test
    void ruleAndScopeMustBothOpen() {
        // Given
        Caller caller = caller(Role.PATIENT, null, "p1", "patient/Observation.rs?category=laboratory");
        // Then
        assertThat(POLICY.decide(caller, "Observation", Interaction.READ))
                .isEqualTo(new Condition.AllOf(
                        List.of(new Condition.InCompartment("p1"), filters("Observation", "category=laboratory"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense=1",
                "code:in=http://example.org/set",
                "patient.name=Smith",
                "_has:Provenance:target:agent=1",
                "status:strange=final",
                "%zz"
            })
    void aScopeWhoseParametersAreNotUnderstoodOpensNothing(String query) {
        assertThat(opens(
                        caller(Role.COORDINATOR, null, null, "user/Observation.rs?" + query),
                        "Observation",
                        Interaction.READ))
                .isFalse();
    }

    /** A person who opened one patient's record: the {@code patient} claim of the launch. */
    @Test
    void scopesOfThePatientContextKeepAnotherRoleToThatPatient() {
        // Given
        Caller launched = caller(Role.COORDINATOR, "riverside", "p1", "patient/*.cruds");
        // Then
        assertThat(POLICY.decide(launched, "Observation", Interaction.READ))
                .isEqualTo(new Condition.InCompartment("p1"));
        assertThat(POLICY.decide(launched, "Observation", Interaction.CREATE))
                .isEqualTo(new Condition.InCompartment("p1"));
        assertThat(POLICY.decide(launched, "Organization", Interaction.READ)).isEqualTo(Condition.EVERYTHING);
        assertThat(opens(launched, "Organization", Interaction.UPDATE)).isFalse();
        assertThat(opens(caller(Role.COORDINATOR, "riverside", null, "patient/*.rs"), "Observation", Interaction.READ))
                .isFalse();
    }

    @Test
    void onlyAPatientSpeaksAsThePatient() {
        assertThat(caller(Role.COORDINATOR, "riverside", "p1", "patient/*.rs").references())
                .containsExactly("Organization/riverside");
        assertThat(caller(Role.PATIENT, null, "p1", "patient/*.rs").references())
                .containsExactly("Patient/p1");
    }

    @Test
    void refusalsNameScopeOrRole() {
        assertThatThrownBy(() -> POLICY.decide(
                        caller(Role.PARTNER, "harbor", null, "system/Task.rs"), "Patient", Interaction.READ))
                .hasMessage("FORBIDDEN: scope: does not allow this (expected: Patient.r)");
        assertThatThrownBy(() -> POLICY.decide(
                        caller(Role.PARTNER, "harbor", null, "system/*.cruds"), "Patient", Interaction.UPDATE))
                .hasMessage("FORBIDDEN: Patient: not open to this role for update");
    }

    @Test
    void grantsAreRead() {
        assertThat(POLICY.grants())
                .containsExactly(new Grant(
                        "asked",
                        "referrals",
                        "Task",
                        Optional.empty(),
                        List.of("owner", "_author"),
                        "patient",
                        List.of("requested", "accepted"),
                        Map.of("completed", Duration.ofDays(30)),
                        Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "roles: []",
                "grants: []",
                "rules: {}",
                "roles: {king: {\"*\": {may: r}}}",
                "roles: {partner: {Zyxwvut: {may: r}}}",
                "roles: {partner: {Patient: r}}",
                "roles: {partner: {Patient: {}}}",
                "roles: {partner: {Patient: {may: null}}}",
                "roles: {partner: {Patient: {may: [r]}}}",
                "roles: {partner: {Patient: {may: sr}}}",
                "roles: {partner: {Patient: {may: read}}}",
                "roles: {partner: {Patient: {may: r, when: [_granted]}}}",
                "roles: {partner: {Patient: {may: r, where: _granted}}}",
                "roles: {partner: {Patient: {may: r, where: []}}}",
                "roles: {partner: {Patient: {may: r, where: null}}}",
                "roles: {partner: {Patient: {may: r, where: ['']}}}",
                "roles: {partner: {Patient: {may: r, where: [_grant]}}}",
                "roles: {partner: {Patient: {may: r, where: ['nonsense=1']}}}",
                "roles: {partner: {Patient: {may: r, where: ['gender:strange=1']}}}",
                "roles: {partner: {Patient: {may: r, where: ['gender:in=1']}}}",
                "roles: {partner: {\"*\": {may: r, where: ['status=x']}}}",
                "roles: {partner: {Patient: {may: r}, Patient: {may: rs}}}",
                "roles: {partner: {Patient: {may: r}}\n",
                "roles: {partner: {Patient: {may: r, where: ['_granted=nobody']}}}",
                "roles: {partner: {Patient: {may: r, where: ['_granted']}}}",
                "roles: {partner: {Patient: []}}",
                "roles: {partner: {Patient: {may: r, elements: []}}}",
                "roles: {partner: {Patient: {may: r, elements: [nonsense]}}}",
                "roles: {partner: {Patient: {may: r, elements: [name.given]}}}",
                "roles: {partner: {Patient: {may: ru, elements: [name]}}}",
                "roles: {partner: {\"*\": {may: r, elements: [id]}}}",
                "roles: {partner: {Patient: [{may: r, elements: [name]}, {may: s}]}}",
                "{roles: {}, grants: [{service: referrals}]}",
                "{roles: {}, grants: {a: [{service: r, type: Task, organization: owner, patient: patient}]}}",
                "{roles: {}, grants: {a: [{service: r, type: Task, organization: [owner], patient: _id}]}}",
                "{roles: {}, grants: {a: [{service: r, type: Task, organization: [owner], patient: patient, status: []}]}}",
                "{roles: {}, grants: {a: [{service: r, type: Task, organization: [nonsense], patient: patient}]}}",
                "{roles: {}, grants: {a: [{service: r, type: Task, organization: [owner], patient: patient, after: {x: 3}}]}}",
                "{roles: {}, grants: {service: referrals}}"
            })
    void aFileThatIsNotUnderstoodStopsTheStart(String yaml) {
        assertThatThrownBy(() -> policy(yaml))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("access.yaml: ");
    }

    @Test
    void ofWhatARuleOpensInPartOtherElementsAreNotShown() {
        // Given
        AccessPolicy policy = policy(
                "roles: {partner: {Patient: {may: rs, where: ['_outside', 'gender=male'], elements: [name, deceased]}}}");
        // When
        Condition open =
                policy.decide(caller(Role.PARTNER, "harbor", "p1", "system/*.rs"), "Patient", Interaction.SEARCH);
        // Then
        assertThat(VisibleElements.of("Patient", open).orElseThrow().elements())
                .containsExactlyInAnyOrder("name", "deceased");
    }

    @Test
    void aMissingFileStopsTheStart() {
        assertThatThrownBy(() -> AccessPolicy.load(loader(null), CONSENT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("access.yaml is missing: a service without rules must not start");
    }

    @Test
    void aRoleWithoutRulesMayDoNothing() {
        // Given
        AccessPolicy empty = policy("roles: {}");
        for (Role role : Role.values()) {
            // Then
            assertThatThrownBy(() ->
                            empty.decide(caller(role, "harbor", "p1", "system/*.cruds"), "Patient", Interaction.READ))
                    .isInstanceOfSatisfying(
                            FhirProblem.class,
                            problem -> assertThat(problem.code()).isEqualTo(ProblemCode.FORBIDDEN));
        }
    }

    @ParameterizedTest
    @MethodSource("filesOfServices")
    void theRulesOfEveryServiceAreUnderstood(Path file) throws IOException {
        assertThat(policy(Files.readString(file))).isNotNull();
    }

    static Stream<Path> filesOfServices() throws IOException {
        try (Stream<Path> services = Files.list(Path.of(System.getProperty("careloop.root", "../.."), "services"))) {
            return services
                    .map(service -> service.resolve("src/main/resources/access.yaml"))
                    .filter(Files::exists)
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @CsvSource({"EVENT_SOURCE, event-source", "COORDINATOR, coordinator", "SERVICE, service"})
    void rolesAreWrittenAsInTokens(Role role, String claim) {
        assertThat(role.claim()).isEqualTo(claim);
        assertThat(Role.of(claim)).contains(role);
        assertThat(Role.of(role.name())).isEmpty();
        assertThat(Role.of("")).isEmpty();
    }

    @Test
    void thePlatformIsAServiceThatMayEverything() {
        assertThat(Caller.PLATFORM.isPlatform()).isTrue();
        assertThat(POLICY.decide(Caller.PLATFORM, "Patient", Interaction.DELETE))
                .isEqualTo(Condition.EVERYTHING);
        assertThat(Caller.PLATFORM.organizationReference()).isEmpty();
    }

    private static boolean opens(Caller caller, String type, Interaction interaction) {
        try {
            POLICY.decide(caller, type, interaction);
            return true;
        } catch (FhirProblem problem) {
            assertThat(problem.code()).isEqualTo(ProblemCode.FORBIDDEN);
            return false;
        }
    }

    private static Condition filters(String type, String query) {
        return SearchParser.condition(type, QueryParameter.parse(query));
    }

    private static Caller caller(Role role, @Nullable String organization, @Nullable String patient, String scopes) {
        return new Caller(
                "test",
                role,
                Optional.ofNullable(organization),
                Optional.ofNullable(patient),
                Optional.of("test"),
                SmartScopes.parse(scopes),
                false);
    }

    private static AccessPolicy policy(String yaml) {
        return AccessPolicy.load(loader(yaml), CONSENT);
    }

    private static ClassLoader loader(@Nullable String yaml) {
        return new ClassLoader(null) {
            @Override
            public @Nullable InputStream getResourceAsStream(String name) {
                return yaml == null ? null : new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8));
            }
        };
    }
}
