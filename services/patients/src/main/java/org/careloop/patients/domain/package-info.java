/**
 * Who is who: rules without I/O.
 *
 * <p>Starting points: {@link org.careloop.patients.domain.Comparison}, {@link org.careloop.patients.domain.PatientMerge}.
 */
@NullMarked
package org.careloop.patients.domain;

import org.jspecify.annotations.NullMarked;
