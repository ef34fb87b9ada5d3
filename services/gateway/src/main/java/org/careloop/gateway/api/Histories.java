package org.careloop.gateway.api;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.gateway.app.HistoryAcross;
import org.careloop.gateway.app.Origins;

/** The history of everything, and of a type that several services hold. */
@Singleton
public class Histories {

    private final Origins origins;
    private final HistoryAcross historyAcross;

    Histories(Origins origins, HistoryAcross historyAcross) {
        this.origins = origins;
        this.historyAcross = historyAcross;
    }

    void ofSystem(RoutingContext context) {
        answer(context, origins.types());
    }

    void ofType(RoutingContext context, String type) {
        answer(context, Set.of(type));
    }

    private void answer(RoutingContext context, Set<String> types) {
        String query = context.request().query();
        historyAcross
                .handle(
                        types,
                        query == null ? List.of() : QueryParameter.parse(query),
                        context.request().headers())
                .subscribe()
                .with(found -> Answers.json(context, found), failure -> Answers.send(context, failure));
    }
}
