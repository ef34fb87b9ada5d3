package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.referrals.ReferralsConfig;
import org.hl7.fhir.r4.model.Endpoint;

/**
 * Looks which agencies have a FHIR server of their own, by the directory, and exchanges their referrals with it; one instance at a
 * time. An agency begins and ends this by its Endpoint.
 */
@Singleton
public class WatchPartnerServers implements LeaderLoop.Owner {

    /** Of Endpoints that take referral Tasks, in {@code payloadType}. */
    static final String REFERRAL_TASK = "https://careloop.org/fhir/CodeSystem/exchange|referral-task";

    private static final String DIRECT =
            "status=active&connection-type=hl7-fhir-rest&organization:missing=false&payload-type=" + REFERRAL_TASK;

    private final ResourceStore store;
    private final PartnerServers servers;
    private final ExchangeDirectly exchangeDirectly;
    private final LeaderLoop loop;

    WatchPartnerServers(
            ReferralsConfig config,
            DataSource database,
            ResourceStore store,
            PartnerServers servers,
            ExchangeDirectly exchangeDirectly) {
        this.store = store;
        this.servers = servers;
        this.exchangeDirectly = exchangeDirectly;
        this.loop = new LeaderLoop(
                "direct-exchange",
                database,
                config.direct().interval(),
                config.direct().interval(),
                connection -> new Watching());
    }

    @Override
    public boolean isWanted() {
        return !servers.isEmpty();
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    private final class Watching implements LeaderLoop.Work {

        /** Those that are not configured; told once. */
        private final Set<String> unknown = new HashSet<>();

        @Override
        public boolean round(Connection connection) throws Exception {
            List<Endpoint> endpoints =
                    LeaderLoop.await(() -> store.inUnit(unit -> unit.search(Endpoint.class, DIRECT)));
            for (Endpoint endpoint : endpoints) {
                Optional<PartnerServer> server = servers.of(endpoint);
                if (server.isPresent()) {
                    exchange(endpoint, server.get());
                } else if (unknown.add(endpoint.getIdElement().getIdPart())) {
                    LOG.serverUnknown(endpoint.getIdElement().getIdPart());
                }
            }
            return false;
        }
    }

    /** What goes wrong with one server keeps none of the others waiting. */
    private void exchange(Endpoint endpoint, PartnerServer server) {
        try {
            LeaderLoop.await(() -> exchangeDirectly.handle(endpoint, server));
        } catch (Exception e) {
            LOG.partnerFailed(endpoint.getIdElement().getIdPart(), 1, Causes.nameOf(e));
        }
    }
}
