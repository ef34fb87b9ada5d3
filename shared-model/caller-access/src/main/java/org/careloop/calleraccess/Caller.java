package org.careloop.calleraccess;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who sent a request, as its verified token tells.
 *
 * @param client the OAuth client, never a person's name
 * @param organization the id of the Organization that the caller acts for
 * @param patient the id of the Patient that the caller is or acts for
 */
public record Caller(
        String client, Role role, Optional<String> organization, Optional<String> patient, SmartScopes scopes) {

    /** The platform itself, for what no request asked for: consumers, timers, intake. */
    public static final Caller PLATFORM = new Caller(
            "careloop", Role.SERVICE, Optional.empty(), Optional.empty(), SmartScopes.parse("system/*.cruds"));

    /** Tells whether the caller is a part of the platform. */
    public boolean isPlatform() {
        return role == Role.SERVICE;
    }

    /** Returns the literal references that stand for the caller in resources: its organisation, the patient that it is. */
    public Set<String> references() {
        return Stream.concat(organizationReference().stream(), patient.map(id -> "Patient/" + id).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the reference of the organisation that the caller acts for. */
    public Optional<String> organizationReference() {
        return organization.map(id -> "Organization/" + id);
    }
}
