package org.careloop.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Has the service under test trust {@link Tokens}; enough for one that has neither database nor broker. */
public final class TokenTrust implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        return settings();
    }

    @Override
    public void stop() {
        // Nothing runs.
    }

    static Map<String, String> settings() {
        return Map.of("careloop.oidc.url", TestRealm.url(), "quarkus.http.test-port", "0");
    }
}
