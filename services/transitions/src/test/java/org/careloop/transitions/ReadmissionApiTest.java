package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.Events;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.careloop.transitions.app.LinkStays;
import org.careloop.transitions.domain.IndexStay;
import org.careloop.transitions.store.StayLinks;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

/** A stay is linked to the one that it follows from, and is so again when either turns out to be otherwise. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class ReadmissionApiTest {

    private static final String SEARCH = "EpisodeOfCare?type=https://careloop.org/fhir/CodeSystem/stay-relation%7C";

    @Inject
    ResourceStore store;

    @Inject
    StayLinks links;

    @Inject
    LinkStays linkStays;

    @Inject
    DataSource database;

    private final Stay index = Stay.fresh();
    private final Stay again = index.next();

    @Test
    void aReadmissionIsLinkedToItsIndexStayAndFound() {
        // Given
        index.discharged();
        // When
        again.tell(inMarch(again.admission(), "17"));
        // Then
        awaitLink(again, index, "readmission-unplanned");
        Extension link = link(again).orElseThrow();
        // It is told as the golden file says, which care-plans starts from.
        EpisodeOfCare golden = FhirJson.parse(
                EpisodeOfCare.class,
                Stay.resource("golden/episode-of-care-readmission.json")
                        .replace("stay-1", index.encounterId())
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(link.equalsDeep(golden.getExtensionByUrl(SharedTerms.INDEX_STAY_EXTENSION)))
                .isTrue();
        assertThat(again.episode()
                        .getType()
                        .getLast()
                        .equalsDeep(golden.getType().getLast()))
                .isTrue();
        assertThat(link.getExtensionByUrl("days").getValue().primitiveValue()).isEqualTo("10");
        assertThat(((Reference) link.getExtensionByUrl("first").getValue()).getReference())
                .isEqualTo("Encounter/" + index.encounterId());
        assertThat(found("readmission-unplanned")).containsExactly(again.episodeId());
        assertThat(link(index)).isEmpty();
        // And it is still so when more is told of it
        again.tell(inMarch(again.discharge(), "17", "19"));
        again.awaitStatus("finished");
        assertThat(link(again)).isPresent();
    }

    @Test
    void whatIsToldLateOrTakenBackChangesTheLink() {
        // Given: the later stay is told first
        again.tell(inMarch(again.admission(), "17"));
        again.awaitStatus("in-progress");
        assertThat(link(again)).isEmpty();
        // When
        index.discharged();
        // Then
        awaitLink(again, index, "readmission-unplanned");
        // When the discharge was none
        index.tell(index.event("A13", "20260307160000-0500"));
        // Then
        soon().untilAsserted(() -> assertThat(link(again)).isEmpty());
        assertThat(found("readmission-unplanned")).isEmpty();
        // When it was one after all, and then the admission an error
        index.tell(index.discharge().replace("2026030714150", "2026030914150"));
        awaitLink(again, index, "readmission-unplanned");
        index.tell(index.event("A11", "20260310160000-0500"));
        // Then
        soon().untilAsserted(() -> assertThat(link(again)).isEmpty());
    }

    @Test
    void aTransferAndAPlannedReturnAreToldApart() {
        // Given
        index.tell(index.admission());
        index.tell(index.discharge().replace("|06|", "|02|"));
        index.awaitStatus("finished");
        // When
        again.tell(inMarch(again.admission(), "07"));
        Stay planned = index.next();
        // Then
        awaitLink(again, index, "direct-transfer");
        // When
        again.tell(inMarch(again.discharge(), "07", "09"));
        again.awaitStatus("finished");
        planned.tell(inMarch(planned.admission(), "25").replace("4E^412^B^GENHOSP|E|", "4E^412^B^GENHOSP|C|"));
        // Then
        awaitLink(planned, again, "readmission-planned");
        assertThat(((Reference) link(planned)
                                .orElseThrow()
                                .getExtensionByUrl("first")
                                .getValue())
                        .getReference())
                .isEqualTo("Encounter/" + index.encounterId());
    }

    @Test
    void aReadmissionThatIsDeletedIsShownWithoutTheLink() {
        // Given
        index.discharged();
        again.tell(inMarch(again.admission(), "17"));
        awaitLink(again, index, "readmission-unplanned");
        String encounter = again.encounterId();
        String episode = again.episodeId();
        // When
        as(Tokens.service()).delete("/fhir/Encounter/" + encounter).then().statusCode(204);
        // Then
        soon().untilAsserted(() -> assertThat(FhirJson.parse(
                                EpisodeOfCare.class,
                                as(Tokens.service())
                                        .get("/fhir/EpisodeOfCare/" + episode)
                                        .asByteArray())
                        .getExtensionByUrl(SharedTerms.INDEX_STAY_EXTENSION))
                .isNull());
        assertThat(found("readmission-unplanned")).isEmpty();
    }

    @Test
    void visitsAreNotLookedAt() throws Exception {
        // Given
        index.discharged();
        String visit = as(Tokens.service())
                .body("""
                {"resourceType":"Encounter","status":"finished","subject":{"reference":"Patient/%s"},
                 "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},
                 "period":{"start":"2026-03-16T09:00:00-04:00","end":"2026-03-16T09:30:00-04:00"}}""".formatted(InMemoryPatients.idOf(index.number())))
                .post("/fhir/Encounter")
                .path("id");
        // When
        again.tell(inMarch(again.admission(), "17"));
        awaitLink(again, index, "readmission-unplanned");
        // Then
        String patient = InMemoryPatients.idOf(index.number()).value();
        assertThat(LeaderLoop.await(() -> store.inUnit(unit -> links.ofPatient(patient, unit)))
                        .keySet())
                .containsExactlyInAnyOrder(index.encounterId(), again.encounterId())
                .doesNotContain(visit);
    }

    @Test
    void aTransferAfterAReadmissionTellsOfIt() {
        // Given
        index.discharged();
        again.tell(inMarch(again.admission(), "17"));
        again.tell(inMarch(again.discharge(), "17", "19").replace("|06|", "|02|"));
        again.awaitStatus("finished");
        Stay other = index.next();
        // When
        other.tell(inMarch(other.admission(), "19").replace("202603190815", "202603191815"));
        // Then
        awaitLink(other, again, "direct-transfer");
        assertThat(link(other)
                        .orElseThrow()
                        .getExtensionByUrl("first-relation")
                        .getValue()
                        .primitiveValue())
                .isEqualTo("readmission-unplanned");
        assertThat(found("readmission-unplanned")).containsExactly(again.episodeId());
    }

    @Test
    void staysOfOneWhoWasTwoAreLinkedAfterTheMerge() {
        // Given
        Stay other = Stay.fresh();
        index.discharged();
        other.tell(inMarch(other.admission(), "17"));
        other.awaitStatus("in-progress");
        assertThat(link(other)).isEmpty();
        // When
        String gone = InMemoryPatients.idOf(index.number()).value();
        Events.tell(
                "patients",
                Events.event(
                        ResourceKey.of("Patient", gone),
                        Change.UPDATED,
                        2,
                        "Patient/" + gone,
                        "{\"resourceType\":\"Patient\",\"id\":\"" + gone
                                + "\",\"meta\":{\"versionId\":\"2\"},\"active\":false,"
                                + "\"link\":[{\"extension\":[{\"url\":\"https://careloop.org/fhir/StructureDefinition/merged\","
                                + "\"valueInstant\":\"2026-11-28T10:00:00Z\"}],\"other\":{\"reference\":\"Patient/"
                                + InMemoryPatients.idOf(other.number())
                                + "\"},\"type\":\"replaced-by\"}]}"));
        // Then
        awaitLink(other, index, "readmission-unplanned");
    }

    @Test
    void linksStayAsTheyAreWhereAPatientHasMoreStaysThanAreFoundAtOnce() throws Exception {
        // Given
        index.discharged();
        again.tell(inMarch(again.admission(), "17"));
        awaitLink(again, index, "readmission-unplanned");
        String patient = InMemoryPatients.idOf(index.number()).value();
        Map<String, Optional<IndexStay>> before = linksOf(patient);
        String encounter = again.encounterId();
        copy(index.encounterId(), 999);
        try {
            // When
            LeaderLoop.await(() -> store.inUnit(unit -> linkStays.handle(encounter, Optional.of(patient), unit)));
            // Then
            assertThat(linksOf(patient)).isEqualTo(before);
        } finally {
            dropCopies();
        }
    }

    private Map<String, Optional<IndexStay>> linksOf(String patient) throws Exception {
        return LeaderLoop.await(() -> store.inUnit(unit -> links.ofPatient(patient, unit)));
    }

    /** Stores an Encounter so many times more, without what a write brings about. */
    private void copy(String encounter, int times) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("""
                    insert into resource overriding system value select (jsonb_populate_record(r, jsonb_build_object(
                        'rid', nextval(pg_get_serial_sequence('resource', 'rid')), 'id', 'copy-' || n, 'ref', n,
                        'body', convert_to(replace(convert_from(r.body, 'UTF8'), '%1$s', 'copy-' || n), 'UTF8')))).*
                      from resource r, generate_series(1, %2$d) n where r.type = 'Encounter' and r.id = '%1$s'""".formatted(encounter, times));
            String from = " from %s i join resource r on r.rid = i.rid and r.type = 'Encounter' and r.id = '"
                    + encounter + "' join resource c on c.type = 'Encounter' and c.id like 'copy-%%'";
            sql.execute("insert into token_index select i.h, c.rid" + from.formatted("token_index"));
            sql.execute("insert into reference_index select i.parameter, i.target, c.rid"
                    + from.formatted("reference_index"));
        }
    }

    private void dropCopies() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            String copies = " where rid in (select rid from resource where type = 'Encounter' and id like 'copy-%')";
            sql.execute("delete from token_index" + copies);
            sql.execute("delete from reference_index" + copies);
            sql.execute("delete from resource" + copies);
        }
    }

    /** The admission, and the discharge where there is one, on other days of March. */
    static String inMarch(String message, String admission, String... discharge) {
        // The discharge first, so that no day is moved twice.
        String moved = discharge.length == 0 ? message : message.replace("20260307", "202603" + discharge[0]);
        return moved.replace("20260303", "202603" + admission);
    }

    private List<String> found(String relation) {
        return Fhir.matches(
                Fhir.search(Tokens.service(), SEARCH + relation + "&patient=" + InMemoryPatients.idOf(index.number())));
    }

    private static void awaitLink(Stay stay, Stay to, String relation) {
        soon().until(stay::isKnown);
        soon().untilAsserted(() -> assertThat(link(stay)).hasValueSatisfying(link -> {
            assertThat(link.getExtensionByUrl("relation").getValue().primitiveValue())
                    .isEqualTo(relation);
            assertThat(((Reference) link.getExtensionByUrl("encounter").getValue()).getReference())
                    .isEqualTo("Encounter/" + to.encounterId());
        }));
    }

    private static Optional<Extension> link(Stay stay) {
        EpisodeOfCare episode = stay.episode();
        return Optional.ofNullable(episode.getExtensionByUrl(SharedTerms.INDEX_STAY_EXTENSION));
    }
}
