/**
 * The real PostgreSQL, Kafka and Keycloak as child processes, from Maven artifacts alone; for tests and for the local
 * platform.
 *
 * <p>Starting points: {@link org.careloop.parts.PostgresPart}, {@link org.careloop.parts.KafkaPart}, {@link
 * org.careloop.parts.KeycloakPart}; {@link org.careloop.parts.RunningProgram} is how each of them, and each service, is
 * started and stopped.
 *
 * <p>Does not belong here: which services the platform has, on which ports (that is {@code deploy/local}), and anything
 * of FHIR.
 */
@NullMarked
package org.careloop.parts;

import org.jspecify.annotations.NullMarked;
