package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.referrals.ReferralsConfig;

/**
 * Measures, again and again, every agency that may be asked, and then tries the waiting referrals again: with time alone services
 * open again that were closed. One instance works at a time. An agency that cannot be measured keeps its last standing, and no
 * other waiting.
 */
@Singleton
public class WatchStandings implements LeaderLoop.Owner {

    private static final String SERVICE = "HealthcareService";

    private final ResourceStore store;
    private final ReadEachPage pages;
    private final MeasureStanding measureStanding;
    private final ChooseAgency chooseAgency;
    private final LeaderLoop loop;

    WatchStandings(
            ReferralsConfig config,
            DataSource database,
            ResourceStore store,
            ReadEachPage pages,
            MeasureStanding measureStanding,
            ChooseAgency chooseAgency) {
        this.store = store;
        this.pages = pages;
        this.measureStanding = measureStanding;
        this.chooseAgency = chooseAgency;
        this.loop = new LeaderLoop(
                "agency-standing",
                database,
                config.standingInterval(),
                config.standingInterval(),
                connection -> ignored -> measureAll());
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    private boolean measureAll() throws Exception {
        for (String organization : organizations()) {
            LeaderLoop.await(() -> measureStanding
                    .handle(organization)
                    .onFailure()
                    .invoke(failure -> LOG.notMeasured(organization, Causes.nameOf(failure)))
                    .onFailure()
                    .recoverWithNull());
        }
        LeaderLoop.await(measureStanding::forgetOld);
        LeaderLoop.await(() -> store.inUnit(chooseAgency::retryAll));
        return false;
    }

    private List<String> organizations() throws Exception {
        Condition active = SearchParser.condition(SERVICE, List.of(new QueryParameter("active:not", "false")));
        Condition providing =
                new Condition.ReverseChain(SERVICE, IndexHash.ofParameter(SERVICE, "organization"), active);
        List<String> found = new ArrayList<>();
        LeaderLoop.await(() -> pages.handle("Organization", providing, type -> Condition.EVERYTHING, page -> {
            page.forEach(each -> found.add(each.key().reference()));
            return Uni.createFrom().voidItem();
        }));
        return found;
    }
}
