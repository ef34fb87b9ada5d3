/**
 * Who asks, with which scopes, and what of a type they may see and do. Fails closed: what no rule opens is shut.
 *
 * <p>Starting points: {@link org.careloop.calleraccess.Caller} (made from the token of a request) and {@link
 * org.careloop.calleraccess.AccessPolicy} (the rules, data of each service in {@code access.yaml}). A decision is a
 * search condition that the store adds to its own SQL, so pages are full and totals right.
 *
 * <p>Does not belong here: rules of one type (data), checks of tokens (the OIDC extension does them).
 */
@NullMarked
package org.careloop.calleraccess;

import org.jspecify.annotations.NullMarked;
