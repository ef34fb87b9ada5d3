/**
 * What is taken before, during and after a stay, compared: pure functions of resources and rule data.
 *
 * <p>Starting points: {@link org.careloop.patients.domain.reconciliation.Reconciliation}, {@link
 * org.careloop.patients.domain.reconciliation.DiscrepancyIssue}.
 */
@NullMarked
package org.careloop.patients.domain.reconciliation;

import org.jspecify.annotations.NullMarked;
