package org.careloop.calleraccess;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirsearch.SearchPath;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.CareTeam.CareTeamParticipantComponent;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * Which resources of one type open a patient's compartment to organisations or persons, under a name by which rules ask for it.
 *
 * @param service the service that holds the type
 * @param category {@code system|code} that the resource has as category; absent for any
 * @param organization the search parameters that name the organisations; {@link #AUTHOR} for the one that made the resource, {@link
 *     #PERSON} for the person who sent it
 * @param patient the search parameter that names the patient; {@link #ID} for the resource itself
 * @param status the status codes in which it is open; empty for any
 * @param after how long it stays open from when the resource has first been in one of these further status codes
 * @param lasting how long it stays open from when the resource was made; absent for as long as its status allows
 */
public record Grant(
        String name,
        String service,
        String type,
        Optional<String> category,
        List<String> organization,
        String patient,
        List<String> status,
        Map<String, Duration> after,
        Optional<Duration> lasting) {

    static final String AUTHOR = "_author";
    static final String PERSON = "_person";
    static final Set<String> SPECIAL = Set.of(AUTHOR, PERSON);
    static final String ID = "_id";

    /** System of the identifier by which a resource's {@code sender} says whose token sent it. */
    public static final String PERSON_SYSTEM = "https://careloop.org/fhir/sid/token-subject";

    private static final String SENDER = "sender";
    private static final String CATEGORY = "category";
    private static final String STATUS = "status";
    private static final String PATIENT = "Patient";
    private static final String ORGANIZATION = "Organization";
    private static final String CARE_TEAM = "CareTeam";
    private static final String PARTICIPANT = "participant";

    /**
     * What one resource opens.
     *
     * @param grantee id of the Organization, or {@code person/} and the subject of the person's tokens
     * @param patient id of the Patient
     * @param ended whether the resource has come to an end; of two such, the earlier time counts, or who may still write it
     *     could keep it open for ever
     */
    public record Opened(String name, String grantee, String patient, Between time, boolean ended) {}

    private record Member(String grantee, Between time) {}

    /** Tells whether a Patient opens its compartment to who registered it. */
    public boolean opensWhatItsAuthorRegisters() {
        return patient.equals(ID) && organization.contains(AUTHOR);
    }

    /** A Patient's own compartment goes on to have a history when it is deleted; whom else it was open to ends with what opened it. */
    public boolean outlivesDeletion() {
        return patient.equals(ID);
    }

    /** The elements of resources of the type that {@link #opened} reads. */
    public Set<String> elements() {
        Set<String> elements = Stream.concat(organization.stream(), Stream.of(patient, STATUS, CATEGORY, SENDER))
                .flatMap(parameter -> path(parameter).stream())
                .flatMap(path -> path.elements().stream())
                .collect(Collectors.toCollection(HashSet::new));
        if (type.equals(CARE_TEAM)) {
            elements.add("period");
        }
        if (patient.equals(ID)) {
            elements.add(Compartment.survivorElement());
        }
        return elements;
    }

    /**
     * Returns what {@code resource} opens.
     *
     * @param author id of the Organization that made it
     * @param at when this version was made
     */
    public List<Opened> opened(Resource resource, Optional<String> author, Instant at) {
        List<String> ofPatients = patients(resource);
        Optional<Duration> afterwards =
                codes(resource).filter(after::containsKey).map(after::get).findFirst();
        boolean open = status.isEmpty() || codes(resource).anyMatch(status::contains);
        if (!isOfCategory(resource) || ofPatients.isEmpty() || !open && afterwards.isEmpty()) {
            return List.of();
        }
        Between time = new Between(Optional.empty(), (open ? lasting : afterwards).map(at::plus));
        return members(resource, author)
                .flatMap(member -> ofPatients.stream()
                        .map(opened -> new Opened(
                                name,
                                member.grantee(),
                                opened,
                                member.time().within(time),
                                !open || lasting.isPresent())))
                .distinct()
                .toList();
    }

    /** A Patient that was replaced opens the record of who stands for it, where its own has gone. */
    private List<String> patients(Resource resource) {
        return patient.equals(ID)
                ? Stream.concat(
                                Stream.of(resource.getIdElement().getIdPart()),
                                Compartment.survivorOf(resource).stream())
                        .toList()
                : ids(resource, patient, PATIENT).limit(1).toList();
    }

    private boolean isOfCategory(Resource resource) {
        return category.isEmpty()
                || values(resource, CATEGORY)
                        .filter(CodeableConcept.class::isInstance)
                        .flatMap(concept -> ((CodeableConcept) concept).getCoding().stream())
                        .anyMatch(coding -> category.get().equals(coding.getSystem() + "|" + coding.getCode()));
    }

    private static Stream<String> person(Base sender) {
        return sender instanceof Reference reference
                        && PERSON_SYSTEM.equals(reference.getIdentifier().getSystem())
                ? Stream.of(Caller.grantee(reference.getIdentifier().getValue()))
                : Stream.empty();
    }

    private Stream<String> codes(Resource resource) {
        return values(resource, STATUS).map(Base::primitiveValue);
    }

    private Stream<Member> members(Resource resource, Optional<String> author) {
        List<Member> members = new ArrayList<>();
        for (String parameter : organization) {
            if (parameter.equals(PERSON)) {
                values(resource, SENDER)
                        .flatMap(Grant::person)
                        .map(Grant::always)
                        .forEach(members::add);
            } else if (parameter.equals(AUTHOR)) {
                author.map(Grant::always).ifPresent(members::add);
            } else if (resource instanceof CareTeam team && parameter.equals(PARTICIPANT)) {
                team.getParticipant().stream()
                        .flatMap(participant -> members(team, participant))
                        .forEach(members::add);
            } else {
                ids(resource, parameter, ORGANIZATION).map(Grant::always).forEach(members::add);
            }
        }
        return members.stream();
    }

    private static Member always(String grantee) {
        return new Member(grantee, Between.ALWAYS);
    }

    /** A member is one while both its own period and that of the team last. */
    private static Stream<Member> members(CareTeam team, CareTeamParticipantComponent participant) {
        Between time = Between.of(participant.getPeriod()).within(Between.of(team.getPeriod()));
        return Stream.of(participant.getMember(), participant.getOnBehalfOf())
                .flatMap(member -> id(member, ORGANIZATION))
                .map(organization -> new Member(organization, time));
    }

    private Stream<String> ids(Resource resource, String parameter, String of) {
        return values(resource, parameter)
                .flatMap(value -> value instanceof Reference reference ? id(reference, of) : Stream.empty());
    }

    private static Stream<String> id(Reference reference, String type) {
        return reference.hasReference()
                ? ResourceKey.parse(reference.getReference()).stream()
                        .filter(key -> key.type().equals(type))
                        .map(key -> key.id().value())
                : Stream.empty();
    }

    private Stream<Base> values(Resource resource, String parameter) {
        return path(parameter).stream().flatMap(path -> path.evaluate(resource).stream());
    }

    private Optional<SearchPath> path(String parameter) {
        return parameter.startsWith("_")
                ? Optional.empty()
                : SearchParameters.find(type, parameter).map(found -> found.path());
    }
}
