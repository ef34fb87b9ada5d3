package org.careloop.patients.fuzz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Random resources of a patient's record, as JSON. */
final class Records {

    private static final String CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category";
    private static final List<String> CODES = List.of("I10", "I10", "E11.9", "E11.9", "F11.20", "F32.1", "B20");
    private static final List<String> DATES = List.of("", "2019-05-01", "2026-05-01");

    private final Dice dice;
    private final Map<String, Item> items;

    /** @param items what is there already, which new resources may refer to */
    Records(Dice dice, Map<String, Item> items) {
        this.dice = dice;
        this.items = items;
    }

    ObjectNode resource(String type, String id) {
        ObjectNode body = Http.JSON.createObjectNode().put("resourceType", type).put("id", id);
        body.putObject("meta")
                .putArray("tag")
                .addObject()
                .put("system", World.TAG)
                .put("code", dice.mark());
        body.putArray("identifier").addObject().put("system", World.TAG).put("value", id);
        return body;
    }

    ObjectNode record(Optional<String> patient) {
        return switch (dice.random().nextInt(10)) {
            case 0, 1 -> condition(patient);
            case 2 -> procedure(patient);
            case 3 -> document(patient);
            case 4 -> medication(patient);
            case 5 -> related(patient);
            case 6 -> dice.chance(3) ? related(patient) : consent(patient.orElseThrow());
            default -> finding(patient);
        };
    }

    ObjectNode finding(Optional<String> patient) {
        ObjectNode body = coded(resource("Observation", dice.next("o")), "subject", patient)
                .put("status", "final");
        body.putArray("category")
                .addObject()
                .putArray("coding")
                .addObject()
                .put("system", CATEGORIES)
                .put("code", dice.pick("laboratory", "vital-signs"));
        String date = DATES.get(dice.random().nextInt(DATES.size()));
        if (!date.isEmpty()) {
            body.put("effectiveDateTime", date);
        }
        body.putArray("performer").addObject().put("reference", "Organization/" + dice.organization());
        some("Observation")
                .ifPresent(other -> body.putArray("derivedFrom").addObject().put("reference", other));
        return body;
    }

    private ObjectNode condition(Optional<String> patient) {
        return coded(resource("Condition", dice.next("c")), "subject", patient);
    }

    private ObjectNode procedure(Optional<String> patient) {
        ObjectNode body =
                coded(resource("Procedure", dice.next("r")), "subject", patient).put("status", "completed");
        body.putArray("performer")
                .addObject()
                .putObject("actor")
                .put("reference", "Organization/" + dice.organization());
        some("Condition")
                .ifPresent(
                        reason -> body.putArray("reasonReference").addObject().put("reference", reason));
        return body;
    }

    private ObjectNode document(Optional<String> patient) {
        ObjectNode body = resource("DocumentReference", dice.next("d")).put("status", "current");
        patient.ifPresent(id -> body.putObject("subject").put("reference", "Patient/" + id));
        body.putArray("author").addObject().put("reference", "Organization/" + dice.organization());
        body.putArray("content").addObject().putObject("attachment").put("contentType", "text/plain");
        some("Observation", "Condition")
                .ifPresent(about -> body.putObject("context")
                        .putArray("related")
                        .addObject()
                        .put("reference", about));
        return body;
    }

    private ObjectNode medication(Optional<String> patient) {
        ObjectNode body = resource("MedicationRequest", dice.next("m"))
                .put("status", "active")
                .put("intent", "order");
        patient.ifPresent(id -> body.putObject("subject").put("reference", "Patient/" + id));
        body.putObject("medicationCodeableConcept").put("text", "x");
        some("Condition")
                .ifPresent(
                        reason -> body.putArray("reasonReference").addObject().put("reference", reason));
        return body;
    }

    ObjectNode related(Optional<String> patient) {
        ObjectNode body = resource("RelatedPerson", dice.next("k"));
        patient.ifPresent(id -> body.putObject("patient").put("reference", "Patient/" + id));
        body.putArray("name").addObject().put("family", dice.pick("Ortiz", "Kim", "Nunn"));
        return body;
    }

    private ObjectNode coded(ObjectNode body, String element, Optional<String> patient) {
        body.putObject("code")
                .putArray("coding")
                .addObject()
                .put("system", Model.ICD)
                .put("code", CODES.get(dice.random().nextInt(CODES.size())));
        patient.ifPresent(id -> body.putObject(element).put("reference", "Patient/" + id));
        return body;
    }

    private ObjectNode consent(String patient) {
        ObjectNode body =
                resource("Consent", dice.next("n")).put("status", dice.pick("active", "active", "active", "inactive"));
        body.putObject("scope").putArray("coding").addObject().put("code", "patient-privacy");
        body.putArray("category").addObject().putArray("coding").addObject().put("code", "IDSCL");
        body.putObject("patient").put("reference", "Patient/" + patient);
        String policy = dice.pick("", "OPTIN", "OPTOUT");
        if (policy.isEmpty()) {
            body.putObject("policyRule").put("text", "x");
        } else {
            body.putObject("policyRule").putArray("coding").addObject().put("code", policy);
        }
        boolean nested = dice.chance(2);
        ObjectNode provision = body.putObject("provision");
        if (policy.isEmpty() || dice.chance(4)) {
            provision.put("type", dice.pick("permit", "deny"));
        }
        if (nested) {
            actor(provision, 3);
            provision.withArray("provision").add(rule(Http.JSON.createObjectNode()));
            if (dice.chance(2)) {
                provision.withArray("provision").add(rule(Http.JSON.createObjectNode()));
            }
        } else {
            narrow(provision);
        }
        if (provision.isEmpty()) {
            provision.put("type", "deny");
        }
        return body;
    }

    private ObjectNode rule(ObjectNode provision) {
        return narrow(provision.put("type", dice.pick("permit", "deny")));
    }

    private ObjectNode narrow(ObjectNode provision) {
        switch (dice.random().nextInt(8)) {
            case 0 -> actor(provision, 1);
            case 1 -> ofClass(provision, dice.pick("Observation", "Patient", "Procedure"));
            case 2 ->
                provision
                        .putArray("securityLabel")
                        .addObject()
                        .put("system", Model.ACT)
                        .put("code", dice.pick("ETHUD", "PSY", "HIV"));
            case 3 ->
                provision
                        .putArray("code")
                        .addObject()
                        .putArray("coding")
                        .addObject()
                        .put("system", Model.ICD)
                        .put("code", dice.pick("I10", "E11.9", "F32.1"));
            case 4 -> provision.putArray("purpose").addObject().put("code", dice.pick("TREAT", "HMARKT"));
            case 5 -> {
                if (dice.chance(2)) {
                    provision.putObject("period").put("end", "2020-01-01");
                } else {
                    provision.putObject("period").put("start", "2100-01-01");
                }
            }
            case 6 -> {
                ofClass(provision, "Observation");
                provision.putObject("dataPeriod").put("end", "2020-12-31");
            }
            default ->
                some("Observation", "Condition", "Procedure")
                        .ifPresent(about -> provision
                                .putArray("data")
                                .addObject()
                                .put("meaning", "instance")
                                .putObject("reference")
                                .put("reference", about));
        }
        return provision;
    }

    private void actor(ObjectNode provision, int oneOf) {
        if (dice.chance(oneOf)) {
            ObjectNode actor = provision.putArray("actor").addObject();
            actor.putObject("role").put("text", "recipient");
            actor.putObject("reference").put("reference", "Organization/" + dice.pick(dice.harbor(), dice.rides()));
        }
    }

    private static void ofClass(ObjectNode provision, String type) {
        provision
                .putArray("class")
                .addObject()
                .put("system", "http://hl7.org/fhir/resource-types")
                .put("code", type);
    }

    /** {@code Type/id} of something that is there already, or of nothing. */
    private Optional<String> some(String... types) {
        List<Item> candidates = items.values().stream()
                .filter(item -> List.of(types).contains(item.type()))
                .toList();
        return candidates.isEmpty() || dice.chance(3)
                ? Optional.empty()
                : Optional.of(
                        candidates.get(dice.random().nextInt(candidates.size())).key());
    }
}
