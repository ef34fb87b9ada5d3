package org.careloop.fhirstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LastStepsTest {

    private final List<String> done = new ArrayList<>();
    private final LastSteps last = new LastSteps();

    @Test
    void whatIsToBeDoneLastIsDoneOnceForAllThatAskedForItInTheOrderOfItsKeys() {
        // Given
        last.add("b", work("b, first"));
        last.add("a", work("a"));
        last.add("b", work("b"));
        assertThat(done).isEmpty();
        // When
        last.run().await().indefinitely();
        // Then
        assertThat(done).containsExactly("a", "b");
    }

    @Test
    void whatFollowsFromItIsDoneToo() {
        // Given
        last.add("b", () -> work("b").get().invoke(() -> last.add("a", work("a"))));
        // When
        last.run().await().indefinitely();
        last.run().await().indefinitely();
        // Then
        assertThat(done).containsExactly("b", "a");
    }

    @Test
    void whatAPartThatFailedAskedForIsForgotten() {
        // Given
        last.add("a", work("a"));
        Runnable forget = last.remembered();
        last.add("a", work("a, of the part"));
        last.add("b", work("b, of the part"));
        // When
        forget.run();
        last.run().await().indefinitely();
        // Then
        assertThat(done).containsExactly("a");
    }

    private Supplier<Uni<Void>> work(String name) {
        return () -> Uni.createFrom().voidItem().invoke(() -> done.add(name));
    }
}
