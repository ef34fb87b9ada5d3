package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.transitions.Stay.soon;
import static org.careloop.transitions.StayDocument.json;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.MoveReferences;
import org.careloop.fhirstore.ReplacedRecords;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.Events;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.careloop.transitions.app.RemakeDocuments;
import org.careloop.transitions.events.DocumentEvents;
import org.careloop.transitions.events.EnrolmentEvents;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What has a document made again, for how long, and what does not. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class DocumentRemakingApiTest {

    private static final String CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

    @Inject
    InMemoryRecords records;

    @Inject
    ResourceStore store;

    @Inject
    DocumentEvents documentEvents;

    @Inject
    EnrolmentEvents enrolmentEvents;

    @Inject
    RemakeDocuments remakeDocuments;

    @Inject
    ReplacedRecords replaced;

    @Inject
    MoveReferences references;

    private final Stay stay = Stay.fresh();
    private final StayDocument document = new StayDocument(stay);

    @BeforeEach
    void hasADocument() {
        stay.discharged();
        document.await(1);
    }

    @Test
    void whatIsLabelledNoMoreComesIn() throws Exception {
        // Given
        AllergyIntolerance allergy = document.allergy("Penicillin");
        allergy.getMeta().addSecurity(CONFIDENTIALITY, "R", null);
        records.hold(allergy);
        assertThat(document.made()).isEqualTo("1");
        // When
        allergy.setMeta(null);
        records.hold(allergy);
        hear(documentEvents, event(allergy, Change.UPDATED, 2));
        // Then
        assertThat(document.await(2)).contains("Penicillin");
    }

    @Test
    void whatIsNoErrorAfterAllComesIn() throws Exception {
        // Given
        AllergyIntolerance allergy = document.allergy("Penicillin");
        allergy.getVerificationStatus()
                .addCoding()
                .setSystem("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification")
                .setCode("entered-in-error");
        records.hold(allergy);
        assertThat(document.made()).isEqualTo("1");
        // When
        allergy.getVerificationStatus().getCodingFirstRep().setCode("confirmed");
        records.hold(allergy);
        hear(documentEvents, event(allergy, Change.UPDATED, 2));
        // Then
        assertThat(document.await(2)).contains("Penicillin");
    }

    @Test
    void aLabelThatIsLiftedWhileADocumentIsMadeIsNotMissed() {
        // Given
        AllergyIntolerance allergy = document.allergy("Penicillin");
        AllergyIntolerance labelled = allergy.copy();
        labelled.getMeta().addSecurity(CONFIDENTIALITY, "R", null);
        records.hold(labelled);
        soon().untilAsserted(() -> assertThat(document.make().statusCode()).isEqualTo(200));
        // When
        records.meanwhile(document.patient(), "AllergyIntolerance", () -> {
            records.hold(allergy);
            ResourceEvent lifted = event(allergy, Change.UPDATED, 3);
            return heard(documentEvents, lifted);
        });
        document.make();
        // Then
        soon().untilAsserted(() -> assertThat(newest()).contains("Penicillin"));
    }

    @Test
    void aLabelThatIsNewAndLiftedAgainWhileADocumentIsMadeIsNotMissed() {
        // Given: of what is labelled only now the document that stands knows nothing
        AllergyIntolerance allergy = document.allergy("Penicillin");
        AllergyIntolerance labelled = allergy.copy();
        labelled.getMeta().addSecurity(CONFIDENTIALITY, "R", null);
        soon().untilAsserted(() -> assertThat(document.make().statusCode()).isEqualTo(200));
        records.hold(labelled);
        // When
        records.meanwhile(document.patient(), "AllergyIntolerance", () -> {
            records.hold(allergy);
            ResourceEvent lifted = event(allergy, Change.UPDATED, 2);
            return heard(documentEvents, lifted);
        });
        assertThat(document.make().statusCode()).isEqualTo(200);
        // Then
        assertThat(document.await(2)).contains("Penicillin");
    }

    @Test
    void whatWasNotWithheldIsNoReasonToLookAgain() throws Exception {
        // Given
        AllergyIntolerance allergy = document.allergy("Penicillin");
        records.hold(allergy);
        assertThat(document.made()).isEqualTo("2");
        StayDocument.Noted before = document.settled(store);
        // When
        hear(documentEvents, event(allergy, Change.UPDATED, 2));
        // Then
        assertThat(document.noted(store)).isEqualTo(before);
        assertThat(documentEvents.concerns(event(allergy, Change.CREATED, 1))).isFalse();
    }

    @Test
    void aConsentThatPermitsAgainLetsItBeSentOn() throws Exception {
        // Given
        Consent consent = consent("deny");
        records.hold(consent);
        hear(enrolmentEvents, event(consent, Change.CREATED, 1));
        soon().untilAsserted(() -> assertThat(document.composition(1).getMeta().getTag())
                .anyMatch(tag -> "safe-rides".equals(tag.getCode())));
        // When
        Consent permits = consent("permit");
        records.hold(permits);
        hear(enrolmentEvents, event(permits, Change.UPDATED, 2));
        // Then
        soon().untilAsserted(() -> assertThat(document.composition(1).getMeta().getTag())
                .noneMatch(tag -> "safe-rides".equals(tag.getCode())));
        assertThat(document.status(2)).isEqualTo(404);
    }

    @Test
    void aLabelOfTheStayTakesItsReasonsOut() {
        // Given
        assertThat(document.await(1)).contains("Encounter").doesNotContain("SUBSETTED");
        // When
        Encounter labelled = stay.encounter();
        labelled.getMeta().addSecurity("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PSY", null);
        as(Tokens.service())
                .body(json(labelled))
                .put("/fhir/Encounter/{id}", stay.encounterId())
                .then()
                .statusCode(200);
        // Then
        assertThat(document.await(2)).contains("SUBSETTED");
    }

    @Test
    void ofADischargeThatIsLongOverNoneIsMadeAgainUnlessWhoseItIsChanges() throws Exception {
        // Given
        AllergyIntolerance allergy = document.allergy("Penicillin");
        allergy.getMeta().addSecurity(CONFIDENTIALITY, "R", null);
        records.hold(allergy);
        assertThat(document.made()).isEqualTo("1");
        StayDocument.Noted before = document.settled(store);
        wasDischarged("2010-03-07T15:00:00-05:00");
        // When
        hear(documentEvents, event(allergy, Change.UPDATED, 2));
        allergy.setMeta(null);
        hear(documentEvents, event(allergy, Change.UPDATED, 3));
        hear(documentEvents, event(allergy, Change.DELETED, 4));
        hear(enrolmentEvents, event(consent("deny"), Change.CREATED, 1));
        // Then
        assertThat(document.noted(store)).isEqualTo(before);
        // When they are told apart from another
        String apart = document.patient();
        LeaderLoop.await(() -> store.inUnit(
                unit -> replaced.keep(ResourceKey.of("Patient", apart), 2, Optional.of("other-" + apart), unit)));
        soon().untilAsserted(() ->
                assertThat(stay.encounter().getSubject().getReference()).isEqualTo("Patient/other-" + apart));
        document.settled(store);
        LeaderLoop.await(() ->
                store.inUnit(unit -> replaced.keep(ResourceKey.of("Patient", apart), 3, Optional.empty(), unit)
                        .chain(() -> remakeDocuments.person(apart, unit))));
        // Then
        soon().untilAsserted(() ->
                assertThat(document.composition(1).getStatus()).isEqualTo(CompositionStatus.ENTEREDINERROR));
    }

    @Test
    void aStayThatIsMovedBackLateWithdrawsWhatWasMadeMeanwhile() throws Exception {
        // Given: it was another's for a time; at the end of that it cannot be moved, and all else has been
        String patient = document.patient();
        LeaderLoop.await(() -> store.inUnit(
                unit -> replaced.keep(ResourceKey.of("Patient", patient), 2, Optional.of("other-" + patient), unit)));
        assertThat(document.await(2)).contains("Patient/other-" + patient);
        LeaderLoop.await(() -> store.inUnit(unit -> replaced.keep(
                        ResourceKey.of("Patient", patient), 3, Optional.empty(), unit)
                .chain(() -> unit.sql("update replaced_record set former = '{}' where replaced = $1", patient))));
        // When
        ResourceKey encounter = ResourceKey.of("Encounter", stay.encounterId());
        LeaderLoop.await(() -> references.move(new MoveReferences.Noted(Optional.of(encounter), new Long[0])));
        // Then
        assertThat(document.composition(1).getStatus()).isEqualTo(CompositionStatus.ENTEREDINERROR);
        assertThat(document.composition(2).getStatus()).isEqualTo(CompositionStatus.ENTEREDINERROR);
        assertThat(document.await(3)).doesNotContain("Patient/other-" + patient);
    }

    @Test
    void unitsThatConcernTheSameDocumentsInAnyOrderDoNotWaitForEachOther() throws Exception {
        // Given
        Stay second = Stay.fresh().discharged();
        String one = document.patient();
        String other = new StayDocument(second).patient();
        new StayDocument(second).await(1);
        CompletableFuture<Void> began = new CompletableFuture<>();
        CompletableFuture<Void> alsoBegan = new CompletableFuture<>();
        AtomicInteger attempts = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // When
            Future<?> first = threads.submit(() -> bothLookedAt(one, began, alsoBegan, other, attempts));
            Future<?> last = threads.submit(() -> bothLookedAt(other, alsoBegan, began, one, attempts));
            // Then
            first.get(20, TimeUnit.SECONDS);
            last.get(20, TimeUnit.SECONDS);
        }
        assertThat(attempts).hasValue(2);
    }

    private void bothLookedAt(
            String patient,
            CompletableFuture<Void> began,
            CompletableFuture<Void> otherBegan,
            String next,
            AtomicInteger attempts) {
        try {
            LeaderLoop.await(() -> store.inUnit(unit -> {
                attempts.incrementAndGet();
                Context context = Vertx.currentContext();
                return remakeDocuments
                        .handle(patient, unit)
                        .invoke(() -> began.complete(null))
                        .chain(() -> Uni.createFrom()
                                .completionStage(otherBegan)
                                .emitOn(command -> context.runOnContext(ignored -> command.run())))
                        .chain(() -> remakeDocuments.handle(next, unit));
            }));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void wasDischarged(String time) throws Exception {
        String encounter = stay.encounterId();
        LeaderLoop.await(() -> store.inUnit(unit -> unit.sql(
                        "update transition set discharged = $2::text::timestamptz where encounter_id = $1",
                        encounter,
                        time)
                .replaceWithVoid()));
    }

    /** As the event is heard, but when that has taken effect is known. */
    private void hear(EventHandler handler, ResourceEvent event) throws Exception {
        LeaderLoop.await(() -> heard(handler, event));
    }

    private Uni<Void> heard(EventHandler handler, ResourceEvent event) {
        return handler.concerns(event)
                ? store.inUnit(unit -> handler.handle(event, unit))
                : Uni.createFrom().voidItem();
    }

    private ResourceEvent event(Resource resource, Change change, int version) {
        return Events.event(
                ResourceKey.of(resource.fhirType(), resource.getIdElement().getIdPart()),
                change,
                version,
                "Patient/" + document.patient(),
                json(resource));
    }

    private String newest() {
        int version = 1;
        while (document.status(version + 1) == 200) {
            version++;
        }
        return document.await(version);
    }

    private Consent consent(String type) {
        return (Consent) FhirJson.parse("""
                {"resourceType":"Consent","id":"c-%1$s","meta":{"versionId":"1"},"status":"active",
                 "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
                 "category":[{"coding":[{"code":"59284-0","system":"http://loinc.org"}]}],"patient":{"reference":"Patient/%1$s"},
                 "policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPTIN"}]},
                 "provision":{"type":"%2$s","class":[{"system":"http://hl7.org/fhir/resource-types","code":"Observation"}],
                  "actor":[{"role":{"text":"agency"},"reference":{"reference":"Organization/safe-rides"}}]}}""".formatted(document.patient(), type).getBytes(StandardCharsets.UTF_8));
    }
}
