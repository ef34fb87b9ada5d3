package org.careloop.referrals.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Role;
import org.careloop.calleraccess.SmartScopes;
import org.careloop.referrals.ReferralsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who keeps the directory is a site's to say: nobody does by default. */
class DirectoryKeepersTest {

    private static final String KEY = "careloop.referrals.directory-keepers";
    private static final Logger LOGGER = Logger.getLogger("org.careloop.referrals");

    private final List<String> logged = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord message) {
            logged.add(message.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOGGER.addHandler(handler);
    }

    @AfterEach
    void listenNoMore() {
        LOGGER.removeHandler(handler);
    }

    @Test
    void nobodyButThePlatformKeepsItWhereNobodyIsNamedAndTheLogSaysSo() {
        // When
        DirectoryKeepers keepers = keepers(Map.of());
        // Then
        assertThat(keepers.include(coordinatorOf("riverside-clinic"))).isFalse();
        assertThat(keepers.include(Caller.PLATFORM)).isTrue();
        assertThat(logged).singleElement().asString().contains("REFER0025", KEY);
    }

    /** As compose hands on what the environment does not say. */
    @Test
    void anEmptyValueNamesNobody() {
        // When
        DirectoryKeepers keepers = keepers(Map.of(KEY, ""));
        // Then
        assertThat(keepers.include(coordinatorOf("riverside-clinic"))).isFalse();
        assertThat(keepers.include(coordinatorOf(""))).isFalse();
        assertThat(logged).singleElement().asString().contains("REFER0025", KEY);
    }

    @Test
    void coordinatorsOfThoseWhoAreNamedKeepIt() {
        // When
        DirectoryKeepers keepers = keepers(Map.of(KEY, "county-health,state-registry"));
        // Then
        assertThat(keepers.include(coordinatorOf("state-registry"))).isTrue();
        assertThat(keepers.include(coordinatorOf("riverside-clinic"))).isFalse();
        assertThat(keepers.include(caller(Role.PARTNER, "state-registry"))).isFalse();
        assertThat(logged).isEmpty();
    }

    private static DirectoryKeepers keepers(Map<String, String> settings) {
        return new DirectoryKeepers(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(ReferralsConfig.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(ReferralsConfig.class));
    }

    private static Caller coordinatorOf(String organization) {
        return caller(Role.COORDINATOR, organization);
    }

    private static Caller caller(Role role, String organization) {
        return new Caller(
                "someone",
                role,
                Optional.of(organization),
                Optional.empty(),
                Optional.empty(),
                SmartScopes.parse("user/*.cruds"),
                false);
    }
}
