package org.careloop.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.util.List;

/** Lets every service walk its audit chain, piece by piece, and tells the first broken place of each. */
final class VerifyAudit {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String gateway;
    private final String token;
    private final PrintStream out;

    VerifyAudit(String gateway, String token, PrintStream out) {
        this.gateway = gateway;
        this.token = token;
        this.out = out;
    }

    /** Returns whether all chains are whole. */
    boolean run() {
        List<Service> services = Service.all().stream()
                .filter(each -> each.database().isPresent())
                .toList();
        boolean whole = true;
        for (Service service : services) {
            whole &= isWhole(service.id());
        }
        return whole;
    }

    private boolean isWhole(String service) {
        long seals = 0;
        long rows = 0;
        JsonNode report = piece(service, 1);
        while (true) {
            seals += report.path("seals").asLong();
            rows += report.path("rows").asLong();
            if (!report.path("intact").asBoolean()) {
                JsonNode fault = report.path("fault");
                out.printf(
                        "%-12s BROKEN: %s at seal %d%s%n",
                        service,
                        fault.path("kind").asText(),
                        fault.path("seal").asLong(),
                        fault.path("row").isNull()
                                ? ""
                                : ", row " + fault.path("row").asLong());
                return false;
            }
            if (report.path("next").isNull()) {
                break;
            }
            report = piece(service, report.path("next").asLong());
        }
        out.printf(
                "%-12s whole: %d rows in %d seals, pruned up to seal %d, %d rows not sealed yet, heads compared: %s%n",
                service,
                rows,
                seals,
                report.path("prunedUpTo").asLong(),
                report.path("unsealed").asLong(),
                report.path("heads").isNull()
                        ? "none, the broker does not answer"
                        : report.path("heads").asText());
        return true;
    }

    private JsonNode piece(String service, long from) {
        HttpResponse<String> answer =
                Http.get(gateway + "/operations/" + service + "/audit/verify?from=" + from, token);
        if (answer.statusCode() != 200) {
            throw new Refusal(service + " does not verify its audit trail: status " + answer.statusCode());
        }
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new Refusal(service + " answers what is no report", e);
        }
    }
}
