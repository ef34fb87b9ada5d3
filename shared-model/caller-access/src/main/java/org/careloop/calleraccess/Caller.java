package org.careloop.calleraccess;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/**
 * Who sent a request, as its verified token tells.
 *
 * @param client the OAuth client, never a person's name
 * @param organization the id of the Organization that the caller acts for
 * @param patient the id of the Patient that the caller is or acts for
 * @param person the subject of the token: who of the client's people it is
 * @param vouches whether the caller answers for it that what it refers to will be there
 */
public record Caller(
        String client,
        Role role,
        Optional<String> organization,
        Optional<String> patient,
        Optional<String> person,
        SmartScopes scopes,
        boolean vouches) {

    /** The platform itself, for what no request asked for: consumers, timers, intake. */
    public static final Caller PLATFORM = new Caller(
            "careloop",
            Role.SERVICE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            SmartScopes.parse("system/*.cruds"),
            true);

    /** Tells whether the caller is a part of the platform. */
    public boolean isPlatform() {
        return role == Role.SERVICE;
    }

    /** Tells whether what the caller writes may refer to what is not there yet: the platform writes what it was told. */
    public boolean isTrustedWithReferences() {
        return vouches || isPlatform();
    }

    /** Returns the same caller, who answers for what it refers to; fails with FORBIDDEN unless a system of a coordinator. */
    public Caller vouching() {
        if (!isPlatform() && (role != Role.COORDINATOR || !scopes.areOfSystem())) {
            throw new FhirProblem(
                    ProblemCode.FORBIDDEN,
                    FhirHeaders.REFERENCES + ": not open to this caller (expected: a system of a coordinator)");
        }
        return new Caller(client, role, organization, patient, person, scopes, true);
    }

    /** Returns the same caller with other scopes. */
    Caller with(SmartScopes others) {
        return new Caller(client, role, organization, patient, person, others, vouches);
    }

    /** Returns the literal references that stand for the caller in resources: its organisation, the patient that it is. */
    public Set<String> references() {
        return Stream.concat(organizationReference().stream(), self().stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns by what grants to the person who asks name them. */
    public Optional<String> grantee() {
        return person.map(Caller::grantee);
    }

    /** Returns by what grants name the person whose tokens have this {@code subject}. */
    static String grantee(String subject) {
        return "person/" + subject;
    }

    /** The patient that the caller is; others have a patient only as the context that they work in. */
    private Optional<String> self() {
        return patient.filter(id -> role == Role.PATIENT).map(id -> "Patient/" + id);
    }

    /** Returns the reference of the organisation that the caller acts for. */
    public Optional<String> organizationReference() {
        return organization.map(id -> "Organization/" + id);
    }
}
