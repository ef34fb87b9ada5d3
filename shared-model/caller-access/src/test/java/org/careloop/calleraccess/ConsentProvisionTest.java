package org.careloop.calleraccess;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.Consent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentProvisionTest {

    private static final String ETHUD = "http://terminology.hl7.org/CodeSystem/v3-ActCode|ETHUD";

    @Test
    void theBaseRuleIsThePolicysUnlessTheProvisionHasOne() {
        assertThat(of("'policyRule':{'coding':[{'code':'OPTIN'}]}"))
                .singleElement()
                .matches(rule -> rule.permit());
        assertThat(of("'policyRule':{'coding':[{'code':'OPTOUT'}]}"))
                .singleElement()
                .matches(rule -> !rule.permit() && rule.depth() == 0);
        assertThat(of("'policyRule':{'coding':[{'code':'OPTIN'}]},'provision':{'type':'deny'}"))
                .singleElement()
                .matches(rule -> !rule.permit());
    }

    @Test
    void anExceptionStandsDeeperAndTakesWhatItStandsIn() {
        // When
        List<ConsentProvision> rules = of("""
                'provision':{'type':'permit','actor':[{'role':{'text':'x'},'reference':{'reference':'Organization/harbor'}}],
                  'period':{'start':'2026-01-01','end':'2026-12-31'},
                  'provision':[{'type':'deny','class':[{'system':'http://hl7.org/fhir/resource-types','code':'Observation'}],
                    'securityLabel':[{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'ETHUD'}],
                    'provision':[{'type':'permit','purpose':[{'code':'TREAT'}],'period':{'start':'2026-02-01'}}]}]}""");
        // Then
        assertThat(rules).extracting(ConsentProvision::depth).containsExactly(0, 1, 2);
        assertThat(rules).extracting(ConsentProvision::permit).containsExactly(true, false, true);
        assertThat(rules).allMatch(rule -> rule.organizations().equals(Optional.of(Set.of("harbor"))));
        assertThat(rules.getLast().types()).contains(Set.of("Observation"));
        assertThat(rules.getLast().labels()).contains(Set.of(ETHUD));
        assertThat(rules.getLast().purposes()).contains(Set.of("TREAT"));
        assertThat(rules.getLast().valid().from().orElseThrow()).isAfter(Instant.parse("2026-01-30T00:00:00Z"));
        assertThat(rules.getLast().valid().until().orElseThrow()).isAfter(Instant.parse("2026-12-31T00:00:00Z"));
    }

    @Test
    void listsThatBothNarrowAPermissionPermitWhatBothName() {
        assertThat(of("""
                'provision':{'type':'permit','purpose':[{'code':'TREAT'},{'code':'CAREMGT'}],
                  'provision':[{'type':'permit','purpose':[{'code':'TREAT'},{'code':'HPAYMT'}]}]}""").getLast().purposes()).contains(Set.of("TREAT"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'actor':[{'role':{'text':'x'},'reference':{'reference':'Practitioner/p'}}]",
                "'actor':[{'role':{'text':'x'},'reference':{'display':'somebody'}}]",
                "'class':[{'system':'urn:ietf:bcp:13','code':'application/hl7-cda+xml'}]",
                "'code':[{'text':'what I said about my brother'}]",
                "'data':[{'meaning':'related','reference':{'reference':'Observation/o'}}]"
            })
    void whatIsNotUnderstoodPermitsNothingAndDeniesMore(String narrowing) {
        assertThat(of("'provision':{'type':'permit'," + narrowing + "}"))
                .singleElement()
                .matches(ConsentProvisionTest::isOfNothing);
        assertThat(of("'provision':{'type':'deny'," + narrowing + "}"))
                .singleElement()
                .matches(rule -> rule.organizations().isEmpty()
                        && rule.types().isEmpty()
                        && rule.codes().isEmpty()
                        && rule.targets().isEmpty());
    }

    private static boolean isOfNothing(ConsentProvision rule) {
        return List.of(rule.organizations(), rule.types(), rule.codes(), rule.targets())
                .contains(Optional.of(Set.<String>of()));
    }

    @Test
    void toCollectAndToCorrectIsNotToSee() {
        assertThat(of("'provision':{'type':'permit','action':[{'coding':[{'code':'collect'}]}]}"))
                .isEmpty();
        assertThat(of("'provision':{'type':'deny','action':[{'coding':[{'code':'disclose'}]}]}"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"draft", "proposed", "rejected", "inactive", "entered-in-error"})
    void onlyAnActiveConsentSpeaks(String status) {
        assertThat(ConsentProvision.of(consent(status, "patient-privacy", "'provision':{'type':'deny'}")))
                .isEmpty();
    }

    @Test
    void onlyAConsentAboutPrivacySpeaks() {
        assertThat(ConsentProvision.of(consent("active", "research", "'provision':{'type':'permit'}")))
                .isEmpty();
    }

    private static List<ConsentProvision> of(String rest) {
        return ConsentProvision.of(consent("active", "patient-privacy", rest));
    }

    private static Consent consent(String status, String scope, String rest) {
        String json = "{'resourceType':'Consent','status':'" + status + "','scope':{'coding':[{'code':'" + scope
                + "'}]},'patient':{'reference':'Patient/p'}," + rest + "}";
        return (Consent) FhirJson.parse(json.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
