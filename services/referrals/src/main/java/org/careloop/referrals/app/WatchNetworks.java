package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.referrals.ReferralsConfig;
import org.hl7.fhir.r4.model.Endpoint;

/**
 * Looks which organisations take referrals for a network of agencies, by the directory, and passes on what they are asked for; one
 * instance at a time. A network begins and ends this by its Endpoint; what was passed on before it ended is followed to its end.
 */
@Singleton
public class WatchNetworks implements LeaderLoop.Owner {

    private static final String INDIRECT =
            "organization:missing=false" + "&connection-type=https://careloop.org/fhir/CodeSystem/exchange|indirect";

    private final ResourceStore store;
    private final PassOnAll passOnAll;
    private final LeaderLoop loop;

    WatchNetworks(ReferralsConfig config, DataSource database, ResourceStore store, PassOnAll passOnAll) {
        this.store = store;
        this.passOnAll = passOnAll;
        this.loop = new LeaderLoop(
                "indirect-exchange",
                database,
                config.indirectInterval(),
                config.indirectInterval(),
                connection -> new Watching());
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    private final class Watching implements LeaderLoop.Work {

        private final Map<String, PassOnAll.Seen> seen = new HashMap<>();

        @Override
        public boolean round(Connection connection) throws Exception {
            for (Endpoint endpoint :
                    LeaderLoop.await(() -> store.inUnit(unit -> unit.search(Endpoint.class, INDIRECT)))) {
                passOn(endpoint);
            }
            return false;
        }

        /** What goes wrong with one network keeps none of the others waiting. */
        private void passOn(Endpoint endpoint) {
            String id = endpoint.getIdElement().getIdPart();
            try {
                LeaderLoop.await(
                        () -> passOnAll.handle(endpoint, seen.computeIfAbsent(id, network -> new PassOnAll.Seen())));
            } catch (Exception e) {
                seen.remove(id);
                LOG.networkFailed(id, Causes.nameOf(e));
            }
        }
    }
}
