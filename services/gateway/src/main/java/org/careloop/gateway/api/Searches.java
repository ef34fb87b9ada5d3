package org.careloop.gateway.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.PageLinks;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirsearch.LenientSearch;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.gateway.GatewayConfig;
import org.careloop.gateway.app.Origins;
import org.careloop.gateway.app.Question;
import org.careloop.gateway.app.SearchAcross;

/** Sends a search to the one service that can answer it, or answers it out of several. */
@Singleton
public class Searches {

    private final GatewayConfig config;
    private final Origins origins;
    private final SearchAcross searchAcross;
    private final PageLinks pageLinks;
    private final Forwarding forwarding;
    private final HeldWhole heldWhole;

    Searches(
            GatewayConfig config,
            Origins origins,
            SearchAcross searchAcross,
            PageLinks pageLinks,
            Forwarding forwarding,
            HeldWhole heldWhole) {
        this.config = config;
        this.origins = origins;
        this.searchAcross = searchAcross;
        this.pageLinks = pageLinks;
        this.forwarding = forwarding;
        this.heldWhole = heldWhole;
    }

    void byGet(RoutingContext context) {
        search(context, query(context), Optional.empty());
    }

    void byPost(RoutingContext context) {
        RequestBodies.read(context, config.maxBodySize())
                .subscribe()
                .with(
                        form -> {
                            try {
                                search(context, form);
                            } catch (RuntimeException e) {
                                Answers.send(context, e);
                            }
                        },
                        failure -> Answers.send(context, failure));
    }

    /** The form may hold what the URL holds otherwise: the format too. */
    private void search(RoutingContext context, Buffer form) {
        List<QueryParameter> inForm = QueryParameter.parse(form.toString(StandardCharsets.UTF_8));
        Answers.setFormat(context, Answers.format(context).unless(inForm));
        if (HeldWhole.isNeeded(context)) {
            heldWhole.handle(context, form);
            return;
        }
        List<QueryParameter> parameters = new ArrayList<>(query(context));
        parameters.addAll(inForm);
        search(context, parameters, Optional.of(form));
    }

    private void search(RoutingContext context, List<QueryParameter> parameters, Optional<Buffer> form) {
        String type = context.pathParam("type");
        if (origins.holdersOf(type).isEmpty()) {
            Answers.send(context, FhirDoor.unknown());
            return;
        }
        Optional<Question> question = searchAcross.crossing(
                type,
                LenientSearch.applied(
                        Optional.ofNullable(context.request().getHeader(FhirHeaders.PREFER)),
                        type,
                        pageLinks.opened(type, context.request().getHeader("Authorization"), parameters)));
        if (question.isPresent()) {
            searchAcross
                    .handle(question.get(), context.request().headers())
                    .subscribe()
                    .with(found -> Answers.json(context, found), failure -> Answers.send(context, failure));
        } else {
            String owner = origins.holdersOf(type).getFirst();
            form.ifPresentOrElse(body -> forwarding.send(context, owner, body), () -> forwarding.send(context, owner));
        }
    }

    private static List<QueryParameter> query(RoutingContext context) {
        String query = context.request().query();
        return query == null ? List.of() : QueryParameter.parse(query);
    }
}
