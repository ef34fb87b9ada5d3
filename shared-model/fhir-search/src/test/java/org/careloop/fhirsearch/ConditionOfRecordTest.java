package org.careloop.fhirsearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.careloop.fhirsearch.Condition.AllOf;
import org.careloop.fhirsearch.Condition.AnyOf;
import org.careloop.fhirsearch.Condition.GrantedTo;
import org.careloop.fhirsearch.Condition.HasId;
import org.careloop.fhirsearch.Condition.InCompartment;
import org.careloop.fhirsearch.Condition.MadeBy;
import org.careloop.fhirsearch.Condition.Not;
import org.junit.jupiter.api.Test;

/** What of an access is decided by whose record it is: before a write, and in its own statement. */
class ConditionOfRecordTest {

    private static final Condition TEAM = new GrantedTo("clinic", "team");
    private static final Condition OWN = new MadeBy("clinic");
    private static final Condition OTHER = new HasId(Set.of("x"));

    @Test
    void whatDependsOnMoreIsLeftOutOfWhatMustHold() {
        assertThat(new AllOf(List.of(TEAM, OTHER)).ofRecord()).isEqualTo(new AllOf(List.of(TEAM)));
        assertThat(new AnyOf(List.of(TEAM, OTHER)).ofRecord()).isEqualTo(Condition.EVERYTHING);
        assertThat(new AnyOf(List.of(TEAM, OWN)).ofRecord()).isEqualTo(new AnyOf(List.of(TEAM, OWN)));
        assertThat(new Not(TEAM).ofRecord()).isEqualTo(Condition.EVERYTHING);
        assertThat(Condition.NOTHING.ofRecord()).isEqualTo(Condition.NOTHING);
    }

    @Test
    void whatDependsOnMoreIsNoWayByTheRecordAlone() {
        assertThat(new AnyOf(List.of(TEAM, OTHER)).byRecordAlone()).isEqualTo(new AnyOf(List.of(TEAM)));
        assertThat(new AllOf(List.of(TEAM, OTHER)).byRecordAlone()).isEqualTo(Condition.NOTHING);
        assertThat(new AllOf(List.of(new AnyOf(List.of(TEAM, OTHER)), OWN)).byRecordAlone())
                .isEqualTo(new AllOf(List.of(new AnyOf(List.of(TEAM)), OWN)));
        assertThat(new Not(TEAM).byRecordAlone()).isEqualTo(Condition.NOTHING);
        assertThat(Condition.EVERYTHING.byRecordAlone()).isEqualTo(Condition.EVERYTHING);
    }

    @Test
    void onlyWhatGrantsOpenIncludesThePatientsOfATransaction() {
        assertThat(new AnyOf(List.of(TEAM, OWN)).alsoOf(Set.of("ada")))
                .isEqualTo(new AnyOf(List.of(new AnyOf(List.of(TEAM, new InCompartment("ada"))), OWN)));
        assertThat(new AllOf(List.of(TEAM, OTHER)).alsoOf(Set.of("ada")))
                .isEqualTo(new AllOf(List.of(new AnyOf(List.of(TEAM, new InCompartment("ada"))), OTHER)));
        assertThat(new InCompartment("eve").alsoOf(Set.of("ada"))).isEqualTo(new InCompartment("eve"));
    }
}
