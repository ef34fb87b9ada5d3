/**
 * What SMART asks of an authorization server and Keycloak does not do by itself, as providers that it loads.
 *
 * <p>Starting points: {@link org.careloop.keycloak.ClientAssertions} for systems, {@link org.careloop.keycloak.OpenRecord} for
 * people, {@code PublicSecrets} for a start that is refused.
 *
 * <p>Does not belong here: who may see what. Tokens say who asks; the services decide.
 */
@NullMarked
package org.careloop.keycloak;

import org.jspecify.annotations.NullMarked;
