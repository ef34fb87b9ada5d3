package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.transitions.Stay.soon;
import static org.careloop.transitions.StayDocument.json;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.careloop.calleraccess.Caller;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.Events;
import org.careloop.testkit.RealParts;
import org.careloop.transitions.events.DocumentEvents;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens while a document is made, and when it cannot be. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class DocumentRacesApiTest {

    @Inject
    InMemoryRecords records;

    @Inject
    ResourceStore store;

    @Inject
    DataSource database;

    @Inject
    DocumentEvents documentEvents;

    private final Stay stay = Stay.fresh();
    private final StayDocument document = new StayDocument(stay);

    @BeforeEach
    void hasADocument() {
        stay.discharged();
        document.await(1);
        // The record is open to who follows the stay when that is heard of
        assertThat(document.made()).isEqualTo("1");
    }

    @Test
    void whatWasReadBeforeItWasLabelledDoesNotStand() {
        // Given
        AllergyIntolerance allergy = document.allergy("Penicillin");
        records.hold(allergy);
        AllergyIntolerance labelled = allergy.copy();
        labelled.getMeta().addSecurity("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R", null);
        records.meanwhile(document.patient(), "AllergyIntolerance", () -> {
            records.hold(labelled);
            ResourceEvent event = Events.event(
                    ResourceKey.of("AllergyIntolerance", labelled.getIdElement().getIdPart()),
                    Change.UPDATED,
                    2,
                    "Patient/" + document.patient(),
                    json(labelled));
            return store.inUnit(unit -> documentEvents.handle(event, unit));
        });
        // When
        problem(document.make(), ProblemCode.VERSION_CONFLICT);
        // Then
        document.settled(store);
        assertThat(document.status(2)).isEqualTo(404);
    }

    @Test
    void ofAStayThatIsDeletedMeanwhileNoneStands() {
        // Given
        records.hold(document.allergy("Penicillin"));
        ResourceKey encounter = ResourceKey.of("Encounter", stay.encounterId());
        String second = document.id(2);
        records.meanwhile(
                document.patient(),
                "AllergyIntolerance",
                () -> store.inUnit(unit -> unit.find(encounter, Condition.EVERYTHING)
                        .chain(found -> unit.delete(Caller.PLATFORM, found.orElseThrow()))
                        .replaceWithVoid()));
        String first = document.id(1);
        // When
        problem(document.make(), ProblemCode.VERSION_CONFLICT);
        // Then
        assertThat(StayDocument.composition(first).getStatus()).isEqualTo(CompositionStatus.ENTEREDINERROR);
        assertThat(StayDocument.status(second)).isEqualTo(404);
    }

    @Test
    void waitsForTheStayBeforeItHoldsTheDocumentAsWhoDeletesItDoes() throws Exception {
        // Given: another has the stay by the time that the record is read, and wants its document
        records.hold(document.allergy("Penicillin"));
        String encounter = stay.encounterId();
        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            records.meanwhile(document.patient(), "AllergyIntolerance", () -> {
                lock(other, "select 1 from resource where type = 'Encounter' and id = ? for update nowait", encounter);
                return Uni.createFrom().voidItem();
            });
            // When
            CompletableFuture<Integer> made =
                    CompletableFuture.supplyAsync(() -> document.make().statusCode());
            soon().until(() -> isWaitedFor(other));
            // Then
            lock(other, "select 1 from transition_document where encounter_id = ? for update nowait", encounter);
            other.commit();
            assertThat(made.get(20, TimeUnit.SECONDS)).isEqualTo(200);
        }
    }

    @Test
    void whatIsRefusedAgainAndAgainIsGivenUpUntilSomebodyAsks() throws Exception {
        // Given
        records.hold(document.allergy("Penicillin"));
        records.refuse(document.patient());
        hasFailed(6);
        // Then
        assertThat(document.settled(store).attempts()).isEqualTo(6);
        // When
        records.open(document.patient());
        // Then
        assertThat(document.made()).isEqualTo("2");
    }

    @Test
    void whatCannotBeReachedIsTriedForEver() throws Exception {
        // Given
        records.hold(document.allergy("Penicillin"));
        records.shut(document.patient());
        hasFailed(6);
        // Then
        soon().untilAsserted(() -> assertThat(document.noted(store).attempts()).isGreaterThan(6));
        assertThat(document.noted(store).wanted()).isTrue();
    }

    private void hasFailed(int attempts) throws Exception {
        String encounter = stay.encounterId();
        LeaderLoop.await(() -> store.inUnit(unit -> unit.sql(
                        "update transition_document set wanted = true, attempts = $2, next_attempt = now()"
                                + " where encounter_id = $1",
                        encounter,
                        attempts)
                .replaceWithVoid()));
    }

    private static void lock(Connection connection, String row, String id) {
        try (PreparedStatement sql = connection.prepareStatement(row)) {
            sql.setString(1, id);
            assertThat(sql.executeQuery().next()).isTrue();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isWaitedFor(Connection connection) throws SQLException {
        try (Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery("select exists (select from pg_stat_activity"
                        + " where pg_backend_pid() = any(pg_blocking_pids(pid)))")) {
            return row.next() && row.getBoolean(1);
        }
    }
}
