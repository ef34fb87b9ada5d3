/**
 * The rules of care plans: what a protocol asks for after a discharge, how plan and goals follow the work, and who may
 * move them where. Pure: no I/O, no framework; time is an argument.
 *
 * <p>Starting points: {@link org.careloop.careplans.domain.ProtocolApplication} (discharge in, plan out), {@link
 * org.careloop.careplans.domain.CarePlanProgress} and {@link org.careloop.careplans.domain.GoalProgress} (work reported
 * in, plan and goals out), {@link org.careloop.careplans.domain.CarePlanLifecycle} (every write of a CarePlan passes
 * it).
 *
 * <p>Does not belong here: deadlines (they come in as milestones), who may see a resource, storage, events.
 */
@NullMarked
package org.careloop.careplans.domain;

import org.jspecify.annotations.NullMarked;
