package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.domain.ReadmissionsTest.stay;
import static org.careloop.transitions.domain.ReadmissionsTest.transferred;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.Encounter;
import org.junit.jupiter.api.Test;

/** Stays that go on at another place: what follows from them, and how the first of them came about. */
class ReadmissionChainsTest {

    private final Encounter index = stay("index", "2026-03-03T08:00:00-05:00", "2026-03-07T15:00:00-05:00");

    @Test
    void transfersAreOneStayThatEndsWithTheLast() {
        // Given
        transferred(index);
        Encounter second = stay("second", "2026-03-07T18:00:00-05:00", "2026-03-20T10:00:00-04:00");
        transferred(second);
        Encounter third = stay("third", "2026-03-20T12:00:00-04:00", "2026-03-30T10:00:00-04:00");
        Encounter again = stay("again", "2026-04-20T10:00:00-04:00", null);
        // When
        Map<String, Optional<IndexStay>> found = of(again, third, index, second);
        // Then
        assertThat(found.get("index")).isEmpty();
        assertThat(found.get("third").orElseThrow())
                .extracting(IndexStay::encounterId, IndexStay::firstId, IndexStay::relation)
                .containsExactly("second", "index", StayRelation.DIRECT_TRANSFER);
        assertThat(found.get("again").orElseThrow())
                .extracting(IndexStay::encounterId, IndexStay::firstId, IndexStay::relation, IndexStay::days)
                .containsExactly("third", "index", StayRelation.READMISSION_UNPLANNED, 21);
    }

    @Test
    void aTransferTellsHowTheFirstOfItsStaysFollowsFromAnother() {
        // Given: came back, and was transferred then, twice
        Encounter back = stay("back", "2026-03-17T09:00:00-04:00", "2026-03-18T10:00:00-04:00");
        transferred(back);
        Encounter second = stay("second", "2026-03-18T12:00:00-04:00", "2026-03-19T10:00:00-04:00");
        transferred(second);
        Encounter third = stay("third", "2026-03-19T12:00:00-04:00", "2026-03-25T10:00:00-04:00");
        Encounter again = stay("again", "2026-03-29T12:00:00-04:00", null);
        // When
        Map<String, Optional<IndexStay>> found = of(index, again, third, second, back);
        // Then
        for (String transferred : List.of("second", "third")) {
            assertThat(found.get(transferred).orElseThrow())
                    .extracting(IndexStay::firstId, IndexStay::relation, IndexStay::firstRelation)
                    .containsExactly(
                            "back", StayRelation.DIRECT_TRANSFER, Optional.of(StayRelation.READMISSION_UNPLANNED));
        }
        assertThat(found.get("back").flatMap(IndexStay::firstRelation)).isEmpty();
        assertThat(found.get("again").flatMap(IndexStay::firstRelation)).isEmpty();
        // Of one that began with a transfer there is nothing to tell.
        assertThat(of(back, second).get("second").flatMap(IndexStay::firstRelation))
                .isEmpty();
    }

    @Test
    void whoGoesOnToPostAcuteCareTellsOfTheReadmissionBefore() {
        // Given: came back, went on to a nursing facility, and came back from there
        Encounter back = stay("back", "2026-03-17T09:00:00-04:00", "2026-03-18T10:00:00-04:00");
        Encounter nursing = stay("nursing", "2026-03-18T12:00:00-04:00", "2026-03-28T10:00:00-04:00");
        nursing.getClass_().setCode("NONAC");
        Encounter again = stay("again", "2026-03-28T12:00:00-04:00", null);
        // When
        Map<String, Optional<IndexStay>> found = of(again, nursing, back, index);
        // Then
        assertThat(found.get("nursing").orElseThrow())
                .extracting(IndexStay::encounterId, IndexStay::relation, IndexStay::firstRelation)
                .containsExactly(
                        "back", StayRelation.POST_ACUTE_ADMISSION, Optional.of(StayRelation.READMISSION_UNPLANNED));
        assertThat(found.get("again").orElseThrow())
                .extracting(IndexStay::encounterId, IndexStay::relation, IndexStay::days)
                .containsExactly("back", StayRelation.READMISSION_UNPLANNED, 10);
        // Of a first stay there is nothing to review.
        assertThat(of(back, nursing).get("nursing").flatMap(IndexStay::firstRelation))
                .isEmpty();
    }

    private static Map<String, Optional<IndexStay>> of(Encounter... stays) {
        return ReadmissionsTest.READMISSIONS.of(List.of(stays));
    }
}
