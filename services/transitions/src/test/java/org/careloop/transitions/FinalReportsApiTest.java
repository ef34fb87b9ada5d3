package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.YearMonth;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.careloop.transitions.app.ReportMonth;
import org.careloop.transitions.domain.MeasureResources;
import org.careloop.transitions.domain.TransitionMeasures;
import org.careloop.transitions.domain.TransitionMeasures.Definition;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The report of March 2026, long ago, is final when who pays was followed then, and by the same rules. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class FinalReportsApiTest {

    private static final YearMonth MARCH = YearMonth.of(2026, 3);
    /** Each of them has reports of its own of the same discharges. */
    private static final String HOSPITAL = "general-hospital";

    private static final String COORDINATOR = "riverside-clinic";

    @Inject
    ReportMonth reportMonth;

    @Inject
    TransitionMeasures measures;

    @Inject
    ResourceStore store;

    @BeforeEach
    void discharge() {
        Stay.fresh().discharged();
    }

    @AfterEach
    void restore() throws Exception {
        follow("now()");
    }

    @Test
    void daysBeforeWhoPaysWasFollowedAreNeverComplete() throws Exception {
        // Given that none was complete while another test had it followed before
        follow("timestamptz '2026-03-20 12:00:00Z'");
        Fhir.as(Tokens.service())
                .delete(
                        "/fhir/MeasureReport/{id}",
                        ReportMonth.idOf(trc(), MARCH, COORDINATOR).value());
        // When
        MeasureReport early = report(trc(), COORDINATOR);
        // Then
        assertThat(early.getStatus()).isEqualTo(MeasureReportStatus.PENDING);
        assertThat(early.getExtensionByUrl(MeasureResources.FOLLOWED_SINCE_EXTENSION)
                        .getValue()
                        .primitiveValue())
                .isEqualTo("2026-03-20");
        assertThat(Fhir.as(Tokens.token("s", "supervisor", COORDINATOR, "user/*.rs"))
                        .get(
                                "/fhir/Measure/transitions-of-care/$evaluate-measure?periodStart=2026-03-01&periodEnd=2026-03-31")
                        .<String>path("extension[0].valueDate"))
                .isEqualTo("2026-03-20");
        // When it was followed before
        follow("timestamptz '2026-01-01 12:00:00Z'");
        MeasureReport whole = report(trc(), COORDINATOR);
        // Then
        assertThat(whole.getStatus()).isEqualTo(MeasureReportStatus.COMPLETE);
        assertThat(whole.hasExtension()).isFalse();
    }

    @Test
    void whatIsCompleteByOtherRulesIsMadeAnew() throws Exception {
        // Given
        follow("timestamptz '2026-01-01 12:00:00Z'");
        Definition older = new Definition(trc().id(), trc().title(), "trc-older", trc().groups());
        MeasureReport before = report(older, HOSPITAL);
        assertThat(before.getStatus()).isEqualTo(MeasureReportStatus.COMPLETE);
        assertThat(before.getMeasure()).endsWith("|trc-older");
        // When
        MeasureReport anew = report(trc(), HOSPITAL);
        // Then
        assertThat(anew.getMeasure()).endsWith("|" + trc().version());
        assertThat(version(anew)).isEqualTo(version(before) + 1);
        assertThat(version(report(trc(), HOSPITAL))).isEqualTo(version(anew));
    }

    private static int version(MeasureReport report) {
        return Integer.parseInt(report.getMeta().getVersionId());
    }

    private Definition trc() {
        return measures.find(TransitionMeasures.TRC).orElseThrow();
    }

    private MeasureReport report(Definition definition, String organization) throws Exception {
        LeaderLoop.await(() -> reportMonth.handle(definition, MARCH, organization));
        String id = ReportMonth.idOf(definition, MARCH, organization).value();
        return FhirJson.parse(
                MeasureReport.class,
                Fhir.as(Tokens.service()).get("/fhir/MeasureReport/{id}", id).asByteArray());
    }

    private void follow(String since) throws Exception {
        LeaderLoop.await(() -> store.inUnit(
                unit -> unit.sql("update followed_since set since = " + since).replaceWithVoid()));
    }
}
