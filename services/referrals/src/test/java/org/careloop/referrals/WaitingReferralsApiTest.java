package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.app.ChooseAgency;
import org.careloop.referrals.domain.WaitingReferral;
import org.careloop.referrals.store.ChoiceLists;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Referrals without an agency take turns: so many are tried at once, and those first that were tried longest ago. One for which
 * nothing can be done would otherwise stay the first for good, and many of them would keep all others waiting.
 */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class WaitingReferralsApiTest {

    private static final int ALL = 10_000;

    @Inject
    ResourceStore store;

    @Inject
    ChooseAgency chooseAgency;

    @Inject
    ChoiceLists lists;

    @Inject
    DataSource database;

    private Scene first = Scene.ofNewService();
    private Scene second = Scene.ofNewService();

    @BeforeEach
    void twoWait() {
        first = Scene.ofNewService();
        second = Scene.ofNewService();
        for (Scene each : List.of(first, second)) {
            Bus.tellFirst(each.person());
            Bus.tell(each.carePlan());
            soon().untilAsserted(() -> as(Tokens.service())
                    .get("/fhir/Task/{id}", each.referralTask())
                    .then()
                    .statusCode(200));
        }
        assertThat(turn()).containsExactly(first.referralTask(), second.referralTask());
    }

    @Test
    void oneForWhichNobodyOffersAnythingIsLastWhenItWasTried() {
        // When
        tryAgain(first);
        // Then
        assertThat(turn()).containsExactly(second.referralTask(), first.referralTask());
        // When
        tryAgain(second);
        // Then
        assertThat(turn()).containsExactly(first.referralTask(), second.referralTask());
    }

    @Test
    void oneThatNobodyCanBeAskedForIsLastWhenItWasTried() {
        // Given
        Scene.agency("inland-" + first.plan(), first.service(), "606");
        tryAgain(second);
        assertThat(turn()).containsExactly(first.referralTask(), second.referralTask());
        // When
        tryAgain(first);
        // Then
        assertThat(turn()).containsExactly(second.referralTask(), first.referralTask());
    }

    @Test
    void oneThatCannotBeAddressedIsLastWhenItWasTried() throws SQLException {
        // Given
        Scene.spoil(database, first.referralTask());
        Scene.agency("late-" + first.plan(), first.service(), "021");
        tryAgain(second);
        assertThat(turn()).containsExactly(first.referralTask(), second.referralTask());
        // When
        tryAgain(first);
        // Then
        assertThat(turn()).containsExactly(second.referralTask(), first.referralTask());
        // When it is mended
        Scene.mend(database, first.referralTask());
        tryAgain(first);
        // Then
        assertThat(turn()).containsExactly(second.referralTask());
    }

    private void tryAgain(Scene scene) {
        inUnit(unit -> chooseAgency.retryFor("Patient/" + scene.patient(), unit));
    }

    /** Those two in the order in which they are tried. */
    private List<String> turn() {
        Set<String> both = Set.of(first.referralTask(), second.referralTask());
        return inUnit(unit -> lists.waiting(unit, ALL)).stream()
                .map(WaitingReferral::task)
                .filter(both::contains)
                .toList();
    }

    private <T> T inUnit(Function<UnitOfWork, Uni<T>> work) {
        try {
            return VertxContextSupport.subscribeAndAwait(() -> store.inUnit(work));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
