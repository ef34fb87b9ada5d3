/**
 * HL7 v2 ADT messages in, FHIR R4 resources and acknowledgements out; pure functions of bytes, sender profile and time.
 *
 * <p>Starting points: {@link org.careloop.transitions.hl7.Hl7Message} reads, {@link
 * org.careloop.transitions.hl7.SenderProfiles} knows the senders, {@link org.careloop.transitions.hl7.AdtMapping} maps,
 * {@link org.careloop.transitions.hl7.Acknowledgement} answers. The one failure is {@link
 * org.careloop.transitions.hl7.MessageRejection}.
 *
 * <p>Does not belong here: sockets, HTTP, storage, and what an event means for an encounter that is stored already.
 */
@NullMarked
package org.careloop.transitions.hl7;

import org.jspecify.annotations.NullMarked;
