package org.careloop.patients.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.ResourceKey;

/** What opens records, as the other services tell of it: teams, stays, episodes, Tasks, broken glass; and what is open by it. */
final class Openers {

    private static final String GLASS = "https://careloop.org/fhir/CodeSystem/communication-category";
    private static final String TASK = "Task";

    private final Dice dice;
    private final Map<String, Item> items;
    private final Records records;
    private final Set<Model.Opening> openings = new HashSet<>();
    private final Map<String, List<ResourceEvent>> told = new LinkedHashMap<>();

    Openers(Dice dice, Map<String, Item> items, Records records) {
        this.dice = dice;
        this.items = items;
        this.records = records;
    }

    /** What is open. */
    Set<Model.Opening> openings() {
        return openings;
    }

    /** What is to be told, in order, by {@code service/Type}. */
    Map<String, List<ResourceEvent>> told() {
        return told;
    }

    void make() {
        teams();
        tasks();
        brokenGlass();
    }

    private void teams() {
        for (int i = 0; i < Dice.PATIENTS; i++) {
            for (int many = dice.random().nextInt(3); many > 0; many--) {
                team(dice.patient(i));
            }
            if (dice.chance(3)) {
                lasting("EpisodeOfCare", "managingOrganization", "patient", dice.patient(i), "active");
            }
            if (dice.chance(2)) {
                lasting("Encounter", "serviceProvider", "subject", dice.patient(i), "in-progress");
            }
        }
    }

    private void team(String patient) {
        String id = dice.next("team");
        long versions = 1 + dice.random().nextInt(2);
        for (long version = 1; version <= versions; version++) {
            openings.removeIf(opening -> opening.names().contains("CareTeam/" + id));
            String status = dice.pick("active", "active", "suspended", "proposed", "inactive", "entered-in-error");
            String member = dice.organization();
            boolean onBehalf = dice.chance(3);
            Period ofMember = period();
            Period ofTeam = period();
            ObjectNode body = other("CareTeam", id, "subject", patient, status);
            ObjectNode participant = body.putArray("participant").addObject();
            if (onBehalf) {
                participant.putObject("member").put("reference", "Practitioner/x-" + dice.mark());
            }
            participant.putObject(onBehalf ? "onBehalfOf" : "member").put("reference", "Organization/" + member);
            ofMember.put(participant);
            ofTeam.put(body);
            tell("care-plans", body, version, patient, Instant.now());
            if (Set.of("active", "suspended", "proposed").contains(status) && ofMember.now() && ofTeam.now()) {
                open("team", member, patient, Set.of("CareTeam/" + id));
            }
        }
    }

    /** A period, and whether it is now. */
    private record Period(String start, String end, boolean now) {
        void put(ObjectNode body) {
            ObjectNode period = Http.JSON.createObjectNode();
            if (!start.isEmpty()) {
                period.put("start", start);
            }
            if (!end.isEmpty()) {
                period.put("end", end);
            }
            if (!period.isEmpty()) {
                body.set("period", period);
            }
        }
    }

    private Period period() {
        return switch (dice.random().nextInt(7)) {
            case 0 -> new Period("", "2020-01-01", false);
            case 1 -> new Period("2100-01-01T00:00:00Z", "", false);
            case 2 -> new Period("2020-01-01", "2100", true);
            case 3 -> new Period("", "2100-06", true);
            default -> new Period("", "", true);
        };
    }

    /** A state of an episode or a stay, and how many days ago it came to it. */
    private record Step(String status, int daysAgo) {}

    /** An episode or a stay that is, that never was, or that is over: 90 days count from when it first was. */
    private void lasting(String type, String by, String of, String patient, String open) {
        String id = dice.next("lasting");
        String organization = dice.organization();
        boolean opened = dice.random().nextBoolean();
        List<Step> steps = opened
                ? dice.pick(
                        List.of(new Step("planned", 50), new Step(open, 40)),
                        List.of(new Step(open, 40), new Step("finished", 20)),
                        List.of(new Step("finished", 20), new Step("finished", 1)))
                : dice.pick(
                        List.of(new Step(open, 20), new Step("cancelled", 1)),
                        List.of(new Step(open, 120), new Step("finished", 100)),
                        List.of(new Step("finished", 100), new Step("finished", 1)));
        for (int i = 0; i < steps.size(); i++) {
            ObjectNode body = other(type, id, of, patient, steps.get(i).status());
            body.putObject(by).put("reference", "Organization/" + organization);
            tell(
                    "transitions",
                    body,
                    i + 1L,
                    patient,
                    Instant.now().minus(Duration.ofDays(steps.get(i).daysAgo())));
        }
        if (opened) {
            open("team", organization, patient, Set.of());
        }
    }

    private void tasks() {
        for (int i = 0; i < Dice.PATIENTS; i++) {
            for (int many = dice.random().nextInt(4); many > 0; many--) {
                task(dice.patient(i));
            }
            if (dice.chance(2)) {
                offer(dice.patient(i));
            }
        }
    }

    private void task(String patient) {
        String id = dice.next("task");
        String owner = dice.pick(dice.harbor(), dice.harbor(), dice.rides(), dice.rides(), dice.north());
        String request = dice.next("request");
        Set<String> behind = request(request, patient);
        int steps = 1 + dice.random().nextInt(2);
        List<ResourceEvent> repeats = new ArrayList<>();
        for (int version = 1; version <= steps; version++) {
            boolean last = version == steps;
            String status = last
                    ? dice.pick(
                            "requested",
                            "requested",
                            "accepted",
                            "accepted",
                            "in-progress",
                            "completed",
                            "completed",
                            "failed",
                            "rejected",
                            "cancelled",
                            "draft")
                    : dice.pick("requested", "accepted");
            int days = dice.pick(1, 40);
            Set<String> names = new HashSet<>(behind);
            ObjectNode body = other(TASK, id, "for", patient, status).put("intent", "order");
            body.putObject("owner").put("reference", "Organization/" + owner);
            body.putObject("focus").put("reference", "ServiceRequest/" + request);
            inputs(body, patient, names);
            ResourceEvent event =
                    tell("referrals", body, version, patient, Instant.now().minus(Duration.ofDays(days)));
            repeats.add(event);
            if (last) {
                boolean working = Set.of("accepted", "in-progress", "on-hold").contains(status);
                boolean over = Set.of("completed", "failed").contains(status) && days < 30;
                if (working || over || Set.of("requested", "received").contains(status)) {
                    open("asked", owner, patient, names);
                }
                if (working || over) {
                    open("accepted", owner, patient, names);
                }
            }
        }
        if (dice.chance(2)) {
            // An older event, told once more, opens nothing again.
            ResourceEvent first = repeats.getFirst();
            told.get("referrals/" + TASK)
                    .add(new ResourceEvent(
                            UUID.randomUUID(),
                            first.resource(),
                            first.change(),
                            first.version(),
                            first.occurredAt(),
                            first.key(),
                            first.author(),
                            first.traceParent(),
                            first.payload()));
        }
    }

    /** A Task without an owner, for whom it names to claim; then, in part, one of them has it, or nobody, or others. */
    private void offer(String patient) {
        String id = dice.next("offer");
        String request = dice.next("request");
        Set<String> behind = request(request, patient);
        int steps = 1 + dice.random().nextInt(2);
        for (int version = 1; version <= steps; version++) {
            String status = version == 1
                    ? "requested"
                    : dice.pick("requested", "accepted", "completed", "rejected", "cancelled", "draft");
            Optional<String> owner = version == 1 || dice.chance(3)
                    ? Optional.empty()
                    : Optional.of(dice.pick(dice.harbor(), dice.rides(), dice.north()));
            List<String> recipients = dice.pick(
                    List.of(dice.harbor()),
                    List.of(dice.rides()),
                    List.of(dice.harbor(), dice.rides()),
                    List.of(dice.north(), dice.harbor()),
                    List.of());
            Set<String> names = new HashSet<>(behind);
            ObjectNode body = other(TASK, id, "for", patient, status).put("intent", "order");
            body.putObject("focus").put("reference", "ServiceRequest/" + request);
            owner.ifPresent(one -> body.putObject("owner").put("reference", "Organization/" + one));
            recipients.forEach(one -> body.withObject("/restriction")
                    .withArray("recipient")
                    .addObject()
                    .put("reference", "Organization/" + one));
            inputs(body, patient, names);
            tell("referrals", body, version, patient, Instant.now());
            if (version < steps) {
                continue;
            }
            if (owner.isEmpty() && status.equals("requested")) {
                recipients.forEach(one -> open("asked", one, patient, names));
            } else if (owner.isPresent()
                    && Set.of("requested", "accepted", "completed").contains(status)) {
                open("asked", owner.get(), patient, names);
                if (!status.equals("requested")) {
                    open("accepted", owner.get(), patient, names);
                }
            }
        }
    }

    /** Perhaps tells of a request; returns what it names. */
    private Set<String> request(String id, String patient) {
        Set<String> names = new HashSet<>();
        if (dice.chance(2)) {
            ObjectNode body =
                    other("ServiceRequest", id, "subject", patient, "active").put("intent", "order");
            for (String element : List.of("reasonReference", "supportingInfo")) {
                somethingOf(patient).ifPresent(named -> {
                    names.add(named);
                    body.putArray(element).addObject().put("reference", named);
                });
            }
            tell("referrals", body, 1, patient, Instant.now());
        }
        return names;
    }

    private void inputs(ObjectNode body, String patient, Set<String> names) {
        for (int inputs = dice.random().nextInt(4); inputs > 0; inputs--) {
            somethingOf(patient).ifPresent(named -> {
                names.add(named);
                ObjectNode input = body.withArray("input").addObject();
                input.putObject("type").put("text", "x");
                input.putObject("valueReference").put("reference", named);
            });
        }
    }

    /** Mostly of the patient, else of another one, whose record that does not open. */
    private Optional<String> somethingOf(String patient) {
        List<Item> candidates = items.values().stream()
                .filter(item -> !item.type().equals("Patient"))
                .filter(item -> dice.chance(4) || item.patient().equals(Optional.of(patient)))
                .toList();
        return candidates.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        candidates.get(dice.random().nextInt(candidates.size())).key());
    }

    private void brokenGlass() {
        for (int i = 0; i < Dice.PATIENTS; i++) {
            if (dice.chance(2)) {
                String person = dice.pick(
                        "breaker-" + dice.mark(),
                        "breaker-" + dice.mark(),
                        "lab-" + dice.mark(),
                        "somebody-" + dice.mark());
                String status = dice.pick("completed", "completed", "completed", "entered-in-error");
                String category = dice.pick("break-glass", "break-glass", "break-glass", "notification");
                int hours = dice.pick(1, 1, 5);
                glass(dice.next("glass"), dice.patient(i), person, status, category, hours);
                if (status.equals("completed") && category.equals("break-glass") && hours < 4) {
                    open("break-glass", "person/" + person, dice.patient(i), Set.of());
                }
            }
        }
    }

    private void glass(String id, String patient, String person, String status, String category, int hours) {
        ObjectNode body = other("Communication", id, "subject", patient, status);
        body.putArray("category")
                .addObject()
                .putArray("coding")
                .addObject()
                .put("system", GLASS)
                .put("code", category);
        body.putObject("sender")
                .put("reference", "Organization/" + dice.south())
                .putObject("identifier")
                .put("system", "https://careloop.org/fhir/sid/token-subject")
                .put("value", person);
        tell("care-plans", body, 1, patient, Instant.now().minus(Duration.ofHours(hours)));
    }

    private ObjectNode other(String type, String id, String of, String patient, String status) {
        ObjectNode body = Http.JSON
                .createObjectNode()
                .put("resourceType", type)
                .put("id", id)
                .put("status", status);
        body.putObject(of).put("reference", "Patient/" + patient);
        return body;
    }

    private ResourceEvent tell(String service, JsonNode body, long version, String patient, Instant at) {
        ResourceEvent event = new ResourceEvent(
                UUID.randomUUID(),
                ResourceKey.of(
                        body.path("resourceType").asText(), body.path("id").asText()),
                version == 1 ? Change.CREATED : Change.UPDATED,
                version,
                at,
                "Patient/" + patient,
                Optional.of(dice.north()),
                Optional.empty(),
                bytes(body));
        told.computeIfAbsent(service + "/" + body.path("resourceType").asText(), _ -> new ArrayList<>())
                .add(event);
        return event;
    }

    private static byte[] bytes(JsonNode body) {
        try {
            return Http.JSON.writeValueAsBytes(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void open(String grant, String grantee, String patient, Set<String> names) {
        openings.add(new Model.Opening(grant, grantee, patient, names));
    }

    /** Tells what opens a record to those who watch; returns what the agency among them sees. */
    Item watch(String patient, Map<String, Caller> watchers) {
        String id = "watch-" + patient;
        ObjectNode team = other("CareTeam", id, "subject", patient, "active");
        team.putArray("participant")
                .addObject()
                .putObject("member")
                .put("reference", "Organization/" + watchers.get("CareTeam").organization());
        tell("care-plans", team, 1, patient, Instant.now());
        ObjectNode episode = other("EpisodeOfCare", id, "patient", patient, "active");
        episode.putObject("managingOrganization")
                .put(
                        "reference",
                        "Organization/" + watchers.get("EpisodeOfCare").organization());
        tell("transitions", episode, 1, patient, Instant.now());
        ObjectNode stay = other("Encounter", id, "subject", patient, "in-progress");
        stay.putObject("serviceProvider")
                .put("reference", "Organization/" + watchers.get("Encounter").organization());
        tell("transitions", stay, 1, patient, Instant.now());
        glass(id, patient, watchers.get("Communication").person(), "completed", "break-glass", 1);
        Item sign = new Item(watchers.get("CareTeam").organization(), records.related(Optional.of(patient)));
        ObjectNode request = other("ServiceRequest", id, "subject", patient, "active");
        request.putArray("supportingInfo").addObject().put("reference", sign.key());
        tell("referrals", request, 1, patient, Instant.now());
        ObjectNode task = other(TASK, id, "for", patient, "requested");
        task.putObject("owner")
                .put("reference", "Organization/" + watchers.get("CareTeam").organization());
        task.putObject("focus").put("reference", "ServiceRequest/" + id);
        tell("referrals", task, 1, patient, Instant.now());
        return sign;
    }
}
