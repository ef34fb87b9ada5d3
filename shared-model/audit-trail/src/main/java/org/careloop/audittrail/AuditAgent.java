package org.careloop.audittrail;

import java.util.Optional;
import org.careloop.calleraccess.Caller;

/**
 * Who acted, as a verified token tells; all empty for who showed none.
 *
 * @param client the OAuth client
 * @param person subject of the token: the person, or the client's own account
 * @param role the {@code careloop_role}
 * @param organization id of the Organization that the caller acts for
 * @param onBehalf who else caused it: the sender of a message, the service that told an event, a caller in whose request the
 *     platform writes
 * @param address network address that the request came from
 */
public record AuditAgent(
        Optional<String> client,
        Optional<String> person,
        Optional<String> role,
        Optional<String> organization,
        Optional<String> onBehalf,
        Optional<String> address) {

    /** Nobody that is known. */
    public static final AuditAgent UNKNOWN = new AuditAgent(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** As {@code caller}, the rest as here. */
    AuditAgent as(Caller caller) {
        return new AuditAgent(
                Optional.of(caller.client()),
                person,
                Optional.of(caller.role().claim()),
                caller.organization().filter(id -> !id.isEmpty()),
                onBehalf,
                address);
    }

    AuditAgent named(Optional<String> otherClient, Optional<String> otherPerson) {
        return new AuditAgent(otherClient, otherPerson, role, organization, onBehalf, address);
    }

    AuditAgent onBehalfOf(String other) {
        return new AuditAgent(client, person, role, organization, Optional.of(other), address);
    }

    AuditAgent from(String other) {
        return new AuditAgent(client, person, role, organization, onBehalf, Optional.of(other));
    }
}
