package org.careloop.careplans.domain;

import java.util.List;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.Goal;

/** A plan that was made from protocols, with its goals and its team; to be stored together. */
public record PlanDraft(CarePlan plan, List<Goal> goals, CareTeam team) {}
