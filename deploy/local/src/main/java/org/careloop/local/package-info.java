/**
 * The launcher: the whole platform as processes of one machine, without containers.
 *
 * <p>Starting points: {@link org.careloop.local.Launcher} (the commands), {@code Platform} (what there is to run and
 * in which order), {@code Up} (how it is started).
 *
 * <p>Does not belong here: how PostgreSQL, Kafka and Keycloak are unpacked and run ({@code deploy/parts}), and what
 * the services do.
 */
@NullMarked
package org.careloop.local;

import org.jspecify.annotations.NullMarked;
