package org.careloop.calleraccess;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.calleraccess.Grant.Opened;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrantTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final Optional<String> NOBODY = Optional.empty();

    private static final Grant REFERRAL = new Grant(
            "accepted",
            "referrals",
            "Task",
            Optional.empty(),
            List.of("owner"),
            "patient",
            List.of("accepted", "in-progress"),
            Map.of("completed", Duration.ofDays(30)),
            Optional.empty());

    private static final Grant RECORD = new Grant(
            "team",
            "patients",
            "Patient",
            Optional.empty(),
            List.of("organization", "_author"),
            "_id",
            List.of(),
            Map.of(),
            Optional.empty());

    private static final Grant TEAM = new Grant(
            "team",
            "care-plans",
            "CareTeam",
            Optional.empty(),
            List.of("participant"),
            "patient",
            List.of("active"),
            Map.of(),
            Optional.empty());

    @ParameterizedTest
    @ValueSource(strings = {"accepted", "in-progress"})
    void aTaskOpensItsPatientsRecordToItsOwnerWhileItIsInOneOfTheStates(String status) {
        assertThat(REFERRAL.opened(task(status), NOBODY, NOW))
                .containsExactly(new Opened("accepted", "harbor", "ada", Between.ALWAYS, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"requested", "received", "rejected", "cancelled", "failed", "entered-in-error", "draft"})
    void inAnyOtherStateItOpensNothing(String status) {
        assertThat(REFERRAL.opened(task(status), NOBODY, NOW)).isEmpty();
    }

    @Test
    void afterItsEndItStaysOpenForTheTimeThatTheRuleSays() {
        assertThat(REFERRAL.opened(task("completed"), NOBODY, NOW))
                .containsExactly(new Opened(
                        "accepted",
                        "harbor",
                        "ada",
                        new Between(Optional.empty(), Optional.of(Instant.parse("2026-12-20T10:00:00Z"))),
                        true));
    }

    @Test
    void whatNamesNobodyOpensNothing() {
        assertThat(REFERRAL.opened(
                        resource("{'resourceType':'Task','id':'t','status':'accepted','owner':{'display':'Harbor'},"
                                + "'for':{'reference':'Patient/ada'}}"),
                        NOBODY,
                        NOW))
                .isEmpty();
        assertThat(REFERRAL.opened(
                        resource("{'resourceType':'Task','id':'t','status':'accepted',"
                                + "'owner':{'reference':'Organization/harbor'},'for':{'reference':'Group/g'}}"),
                        NOBODY,
                        NOW))
                .isEmpty();
    }

    /** Its owner alone counts from when there is one. */
    @Test
    void aTaskOpensThePatientsRecordToThoseWhoMayClaimIt() {
        // Given
        Grant offer = new Grant(
                "asked",
                "referrals",
                "Task",
                Optional.empty(),
                List.of("claimable-by"),
                "patient",
                List.of("requested"),
                Map.of(),
                Optional.empty());
        String offered = "{'resourceType':'Task','id':'t','status':'requested','for':{'reference':'Patient/ada'},%s"
                + "'restriction':{'recipient':[{'reference':'Organization/harbor'},{'reference':'Organization/rides'},"
                + "{'reference':'Practitioner/p'}]}}";
        // Then
        assertThat(offer.opened(resource(offered.formatted("")), NOBODY, NOW))
                .containsExactly(
                        new Opened("asked", "harbor", "ada", Between.ALWAYS, false),
                        new Opened("asked", "rides", "ada", Between.ALWAYS, false));
        assertThat(offer.opened(
                        resource(offered.formatted("'owner':{'reference':'Organization/rides'},")), NOBODY, NOW))
                .isEmpty();
        assertThat(offer.opened(resource(offered.formatted("").replace("requested", "cancelled")), NOBODY, NOW))
                .isEmpty();
        assertThat(offer.elements()).containsExactlyInAnyOrder("owner", "status", "restriction", "for");
    }

    @Test
    void aPatientIsOpenToWhoKeepsTheRecordAndToWhoRegisteredIt() {
        assertThat(RECORD.opened(
                        resource("{'resourceType':'Patient','id':'ada',"
                                + "'managingOrganization':{'reference':'Organization/general-hospital'}}"),
                        Optional.of("riverside-clinic"),
                        NOW))
                .extracting(Opened::grantee, Opened::patient)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("general-hospital", "ada"),
                        org.assertj.core.groups.Tuple.tuple("riverside-clinic", "ada"));
    }

    @Test
    void aMemberOfTheTeamSeesTheRecordWhileBothItsPeriodAndTheTeamsLast() {
        // When
        List<Opened> opened = TEAM.opened(
                resource("{'resourceType':'CareTeam','id':'c','status':'active','subject':{'reference':'Patient/ada'},"
                        + "'period':{'start':'2026-11-01T00:00:00Z','end':'2026-12-31T00:00:00Z'},'participant':["
                        + "{'member':{'reference':'Organization/clinic'},'period':{'end':'2026-11-30T00:00:00Z'}},"
                        + "{'member':{'reference':'Practitioner/p'},'onBehalfOf':{'reference':'Organization/harbor'},"
                        + "'period':{'start':'2026-11-10T00:00:00Z'}},"
                        + "{'member':{'reference':'RelatedPerson/r'}}]}"),
                NOBODY,
                NOW);
        // Then
        assertThat(opened)
                .extracting(each -> each.grantee() + " " + each.time().from().get() + " "
                        + each.time().until().get())
                .containsExactly(
                        "clinic 2026-11-01T00:00:00Z 2026-11-30T00:00:01Z",
                        "harbor 2026-11-10T00:00:00Z 2026-12-31T00:00:01Z");
    }

    @Test
    void onlyTheElementsThatItReadsAreAskedFor() {
        assertThat(REFERRAL.elements()).containsExactlyInAnyOrder("owner", "for", "status");
        assertThat(TEAM.elements()).containsExactlyInAnyOrder("participant", "subject", "status", "period", "category");
    }

    @Test
    void whatHasTheCategoryOpensToThePersonWhoSentItForItsTime() {
        // Given
        Grant glass = new Grant(
                "break-glass",
                "care-plans",
                "Communication",
                Optional.of("urn:category|break-glass"),
                List.of("_person"),
                "subject",
                List.of("completed"),
                Map.of(),
                Optional.of(Duration.ofHours(4)));
        String broken =
                "{'resourceType':'Communication','id':'c','status':'completed','subject':{'reference':'Patient/ada'},"
                        + "'category':[{'coding':[{'system':'urn:category','code':'break-glass'}]}],'sender':{'reference':"
                        + "'Organization/clinic','identifier':{'system':'" + Grant.PERSON_SYSTEM
                        + "','value':'casey'}}}";
        // Then
        assertThat(glass.opened(resource(broken), NOBODY, NOW))
                .containsExactly(new Opened(
                        "break-glass",
                        "person/casey",
                        "ada",
                        new Between(Optional.empty(), Optional.of(Instant.parse("2026-11-20T14:00:00Z"))),
                        true));
        assertThat(glass.opened(resource(broken.replace("'break-glass'", "'notification'")), NOBODY, NOW))
                .isEmpty();
        assertThat(glass.opened(resource(broken.replace("token-subject", "other")), NOBODY, NOW))
                .isEmpty();
    }

    private static Resource task(String status) {
        return resource("{'resourceType':'Task','id':'t','status':'" + status
                + "','owner':{'reference':'Organization/harbor'},'for':{'reference':'Patient/ada'}}");
    }

    private static Resource resource(String json) {
        return FhirJson.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
