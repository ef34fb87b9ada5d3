/**
 * Registers a new hospital, EHR or agency: a client of the realm with keys of its own, and its Organization.
 *
 * <p>Starting points: {@link org.careloop.local.registration.Registrar}.
 */
@NullMarked
package org.careloop.local.registration;

import org.jspecify.annotations.NullMarked;
