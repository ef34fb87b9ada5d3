/**
 * The transition-of-care document: what of a record goes into which section, what stays out, and what is missing. Pure: the record,
 * the time and the address of this server are arguments.
 *
 * <p>Starting points: {@link org.careloop.transitions.domain.document.TransitionDocument}, {@code rules/transition-document-1.yaml}.
 *
 * <p>Does not belong here: where the record is read from, and who is sent the document.
 */
@NullMarked
package org.careloop.transitions.domain.document;

import org.jspecify.annotations.NullMarked;
