package org.careloop.keycloak;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserCredentialModel;
import org.keycloak.models.UserModel;

/**
 * Refuses to run with the secrets of the realm file, which everybody can read, where clients come from other machines: a value
 * that was not set at the import has become one of these, and nobody would notice.
 */
final class PublicSecrets {

    /** How they all begin; followed by the name of the client or person. */
    private static final String PUBLIC = "local-only-";

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Where clients are told to go: to the FHIR server, and here. */
    private static final List<String> ADDRESSES = List.of("CARELOOP_FHIR_BASE_URL", "KC_HOSTNAME");

    /** The people of the realm file, and the administrator of the local platform. */
    private static final List<String> PEOPLE = List.of("case-manager", "supervisor", "patient", "admin");

    private PublicSecrets() {}

    /** Throws when {@code environment} has addresses of the network, and a client or person a public secret. */
    static void refuse(KeycloakSession session, Map<String, String> environment) {
        if (isThisMachine(environment)) {
            return;
        }
        List<String> found = session.realms()
                .getRealmsStream()
                .flatMap(realm -> Stream.concat(clients(session, realm), people(session, realm)))
                .toList();
        if (!found.isEmpty()) {
            throw new IllegalStateException("secrets that are public, at an address of the network: "
                    + String.join(", ", found) + " (expected: own random values, see deploy/keycloak/README.md)");
        }
    }

    /** Whether all addresses that are told are of this machine; without any, the realm file's own is. */
    static boolean isThisMachine(Map<String, String> environment) {
        Map<String, String> told = new TreeMap<>(environment);
        told.keySet().retainAll(ADDRESSES);
        return told.values().stream().map(PublicSecrets::host).allMatch(THIS_MACHINE::contains);
    }

    /** A name alone is an address too. */
    private static String host(String address) {
        String host = URI.create(address.contains("://") ? address : "https://" + address)
                .getHost();
        return host == null ? address : host;
    }

    private static Stream<String> clients(KeycloakSession session, RealmModel realm) {
        return session.clients()
                .getClientsStream(realm)
                .filter(client ->
                        client.getSecret() != null && client.getSecret().startsWith(PUBLIC))
                .map(ClientModel::getClientId);
    }

    private static Stream<String> people(KeycloakSession session, RealmModel realm) {
        session.getContext().setRealm(realm);
        return PEOPLE.stream()
                .map(name -> session.users().getUserByUsername(realm, name))
                .filter(Objects::nonNull)
                .filter(user ->
                        user.credentialManager().isValid(UserCredentialModel.password(PUBLIC + user.getUsername())))
                .map(UserModel::getUsername)
                .toList()
                .stream();
    }
}
