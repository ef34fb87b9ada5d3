package org.careloop.careplans.domain;

import java.util.List;
import java.util.Objects;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Narrative.NarrativeStatus;
import org.hl7.fhir.utilities.xhtml.NodeType;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;
import org.jspecify.annotations.Nullable;

/** A plan in words, as US Core asks for: its goals and what is to be done. All text is escaped when it is written. */
final class PlanNarrative {

    private PlanNarrative() {}

    static Narrative of(CarePlan plan, List<Goal> goals) {
        XhtmlNode div = new XhtmlNode(NodeType.Element, "div");
        div.setAttribute("xmlns", "http://www.w3.org/1999/xhtml");
        div.addTag("p").addText(plan.hasTitle() ? plan.getTitle() : "Care plan");
        list(
                div,
                "Goals",
                goals.stream()
                        .map(goal -> goal.getDescription().getText())
                        .filter(Objects::nonNull)
                        .toList());
        list(
                div,
                "Activities",
                plan.getActivity().stream()
                        .filter(activity -> !PlannedWork.isWithdrawn(activity))
                        .map(PlanNarrative::words)
                        .filter(Objects::nonNull)
                        .toList());
        Narrative narrative = new Narrative().setStatus(NarrativeStatus.GENERATED);
        narrative.setDiv(div);
        return narrative;
    }

    private static @Nullable String words(CarePlanActivityComponent activity) {
        return activity.hasReference()
                ? activity.getReference().getDisplay()
                : activity.getDetail().getDescription();
    }

    private static void list(XhtmlNode div, String heading, List<String> items) {
        if (items.isEmpty()) {
            return;
        }
        div.addTag("p").addText(heading);
        XhtmlNode list = div.addTag("ul");
        items.forEach(item -> list.addTag("li").addText(item));
    }
}
