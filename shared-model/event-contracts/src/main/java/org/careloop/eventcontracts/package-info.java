/**
 * What services tell each other: the envelope, the topics and the elements a consumer may rely on. The payload is the
 * FHIR resource itself.
 *
 * <p>Starting points: {@link org.careloop.eventcontracts.ResourceEvent}, {@link org.careloop.eventcontracts.Topics}, and
 * the golden files under {@code golden/}, which producers' and consumers' tests both read.
 *
 * <p>Does not belong here: Kafka clients, rules of what an event causes.
 */
@NullMarked
package org.careloop.eventcontracts;

import org.jspecify.annotations.NullMarked;
