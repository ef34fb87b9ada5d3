/**
 * The protocols that come with the service, read from its class path: PlanDefinitions, ActivityDefinitions and the
 * rules
 * that choose among them, all data with a version.
 *
 * <p>Starting points: {@link org.careloop.careplans.protocols.ProtocolLibrary}; the data is in {@code
 * src/main/resources/protocols}.
 *
 * <p>Does not belong here: what a protocol means for a discharge (domain).
 */
@NullMarked
package org.careloop.careplans.protocols;

import org.jspecify.annotations.NullMarked;
