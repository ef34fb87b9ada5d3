package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirstore.internal.RecordReferences;
import org.careloop.fhirstore.internal.Settlement;
import org.careloop.fhirstore.internal.Settlement.Meant;
import org.careloop.fhirstore.internal.Settlement.Settled;
import org.careloop.fhirstore.internal.Settlement.Standing;
import org.junit.jupiter.api.Test;

/** Where references to patients belong who were merged, or told apart. */
class SettlementTest {

    private static final Standing SELF = new Standing(Optional.empty(), Set.of());

    private static final byte[] TASK = json("""
            {"resourceType":"Task","for":{"reference":"Patient/a"},"requester":{"reference":"Organization/a"},
             "input":[{"valueReference":{"reference":"Patient/b"}},{"valueReference":{"reference":"Patient/a"}}],
             "output":[{"valueReference":{"reference":"Patient/a/_history/2"}},{"valueString":"Patient/a"}],
             "owner":{"reference":"https://elsewhere.example.org/fhir/Patient/a"},
             "contained":[{"resourceType":"Observation","id":"o","subject":{"reference":"Patient/a"}}]}""");

    @Test
    void everyReferenceToThePersonIsTurnedAndNoneToAVersionOrElsewhere() {
        // When
        Settled settled = Settlement.settle(TASK, Map.of(), Map.of("a", by("b")));
        // Then
        assertThat(settled.meant())
                .isEqualTo(Map.of(
                        "a", new Meant(Set.of("/for", "/input/1/valueReference", "/contained/0/subject"), true)));
        assertThat(text(settled))
                .contains(
                        "Patient/a/_history/2", "\"valueString\":\"Patient/a\"", "elsewhere.example.org/fhir/Patient/a")
                .doesNotContain("\"reference\":\"Patient/a\"");
        assertThat(RecordReferences.patients(settled.json())).containsExactly("b");
    }

    @Test
    void theEntryOfABundleGoesWithTheReferencesToIt() {
        // Given
        byte[] document = json("""
                {"resourceType":"Bundle","type":"document","entry":[
                 {"fullUrl":"https://care.example.org/fhir/Composition/c","resource":{"resourceType":"Composition","id":"c",
                  "subject":{"reference":"Patient/a"}}},
                 {"fullUrl":"Patient/a","resource":{"resourceType":"Patient","id":"a"}}]}""");
        // When
        Settled turned = Settlement.settle(document, Map.of(), Map.of("a", by("b")));
        // Then
        assertThat(text(turned))
                .contains("\"fullUrl\":\"Patient/b\"", "\"id\":\"b\"", "\"reference\":\"Patient/b\"")
                .doesNotContain("Patient/a");
        // And back
        Settled back = Settlement.settle(turned.json(), turned.meant(), Map.of("a", was("b")));
        assertThat(text(back))
                .contains("\"fullUrl\":\"Patient/a\"", "\"id\":\"a\"")
                .doesNotContain("Patient/b");
    }

    @Test
    void ofSeveralEntriesNoneTakesTheAddressOfAnother() {
        // Given
        byte[] message = json("""
                {"resourceType":"Bundle","type":"message","entry":[
                 {"fullUrl":"Patient/a","resource":{"resourceType":"Patient","id":"a"}},
                 {"fullUrl":"Patient/b","resource":{"resourceType":"Patient","id":"b"}}]}""");
        // Then
        assertThat(Settlement.settle(message, Map.of(), Map.of("a", by("b"))).changed())
                .isFalse();
    }

    @Test
    void whatWasTurnedIsTurnedBackAndTheSurvivorsOwnStays() {
        // Given
        Settled turned = Settlement.settle(TASK, Map.of(), Map.of("a", by("b")));
        // When
        Settled back = Settlement.settle(turned.json(), turned.meant(), Map.of("a", was("b")));
        // Then
        assertThat(back.meant()).isEmpty();
        assertThat(text(back)).contains("\"input\":[{\"valueReference\":{\"reference\":\"Patient/b\"}},");
        assertThat(RecordReferences.patients(back.json())).containsExactlyInAnyOrder("a", "b");
        // When it is looked at once more
        Settled again = Settlement.settle(back.json(), back.meant(), Map.of("a", was("b")));
        // Then
        assertThat(again.changed()).isFalse();
    }

    @Test
    void whatIsOfTheFirstOfAChainIsMovedToItsEndAtOnce() {
        // Given
        Settled toB = Settlement.settle(about("a"), Map.of(), Map.of("a", by("b")));
        // When: b was merged into c, and whichever is heard of first
        Settled toC = Settlement.settle(toB.json(), toB.meant(), Map.of("a", by("c", "b"), "b", by("c")));
        Settled bFirst = Settlement.settle(toB.json(), toB.meant(), Map.of("a", by("b"), "b", by("c")));
        // Then
        assertThat(text(toC)).isEqualTo(text(about("c")));
        assertThat(toC.meant()).isEqualTo(Map.of("a", new Meant(Set.of("/subject"), false)));
        assertThat(bFirst.changed()).isFalse();
        // When c and b are told apart, then b and a
        Settled back = Settlement.settle(toC.json(), toC.meant(), Map.of("a", by("b", "b", "c"), "b", was("c")));
        Settled all = Settlement.settle(back.json(), back.meant(), Map.of("a", was("b", "c"), "b", was("c")));
        // Then
        assertThat(text(back)).isEqualTo(text(about("b")));
        assertThat(text(all)).isEqualTo(text(about("a")));
        assertThat(all.meant()).isEmpty();
    }

    @Test
    void whereTheContentWasChangedAllGoBackUnlessSomeWereTheSurvivorsOwn() {
        // Given: the place moved from 1 to 0
        byte[] changed = json("{\"input\":[{\"valueReference\":{\"reference\":\"Patient/b\"}}]}");
        Set<String> before = Set.of("/input/1/valueReference");
        Map<String, Standing> apart = Map.of("a", was("b"));
        // Then
        assertThat(Settlement.settle(changed, Map.of("a", new Meant(before, false)), apart)
                        .changed())
                .isTrue();
        assertThat(Settlement.settle(changed, Map.of("a", new Meant(before, true)), apart)
                        .changed())
                .isFalse();
    }

    @Test
    void whatIsOfAnotherWhoWasMergedOrMayBeIsLeft() {
        // Given: the place of a is gone; s, who was merged too, has one, or lost it as well
        byte[] changed = json("{\"x\":{\"reference\":\"Patient/b\"}}");
        Map<String, Standing> apart = Map.of("a", was("b"), "s", by("b"));
        Meant ofA = new Meant(Set.of("/gone"), false);
        // When
        Settled known = Settlement.settle(changed, Map.of("a", ofA, "s", new Meant(Set.of("/x"), false)), apart);
        Settled ofTwo = Settlement.settle(changed, Map.of("a", ofA, "s", new Meant(Set.of("/lost"), false)), apart);
        // Then
        assertThat(known.changed()).isFalse();
        assertThat(known.meant()).isEqualTo(Map.of("s", new Meant(Set.of("/x"), false)));
        assertThat(ofTwo.changed()).isFalse();
    }

    @Test
    void whatWasOverwrittenWithAnotherPersonIsTheirs() {
        // Given: somebody wrote s, who was merged into b too, where a was meant
        Settled settled = Settlement.settle(
                about("s"), Map.of("a", new Meant(Set.of("/subject"), false)), Map.of("a", by("b"), "s", by("b")));
        // Then
        assertThat(settled.meant()).containsEntry("s", new Meant(Set.of("/subject"), false));
        assertThat(settled.meant()).doesNotContainKey("a");
    }

    private static Standing by(String survivor, String... before) {
        return new Standing(
                Optional.of(survivor),
                Stream.concat(Stream.of(survivor), Stream.of(before)).collect(Collectors.toSet()));
    }

    private static Standing was(String... before) {
        return new Standing(SELF.survivor(), Set.of(before));
    }

    private static byte[] about(String patient) {
        return json("{\"subject\":{\"reference\":\"Patient/" + patient + "\"}}");
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Settled settled) {
        return text(settled.json());
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
