package org.careloop.careplans.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityDetailComponent;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

/**
 * Element by element: what is as the platform wrote it becomes what it writes now; what a person has changed stays. The first
 * argument is changed and holds what is stored, the second was applied last, the third is applied now.
 */
final class PlanElements {

    private PlanElements() {}

    static void merge(CarePlan plan, CarePlan before, CarePlan next) {
        take(
                plan.getInstantiatesCanonical(),
                before.getInstantiatesCanonical(),
                next.getInstantiatesCanonical(),
                plan::setInstantiatesCanonical);
        take(plan.getTitle(), before.getTitle(), next.getTitle(), plan::setTitle);
        take(plan.getPeriod(), before.getPeriod(), next.getPeriod(), plan::setPeriod);
        take(plan.getAddresses(), before.getAddresses(), next.getAddresses(), plan::setAddresses);
        // Where people have changed the list, what is new is added to it.
        next.getAddresses().stream()
                .filter(concern -> isNew(concern, before.getAddresses()) && isNew(concern, plan.getAddresses()))
                .forEach(concern -> plan.addAddresses(concern.copy()));
    }

    static Goal merge(Goal goal, Goal before, Goal next) {
        take(goal.getDescription(), before.getDescription(), next.getDescription(), goal::setDescription);
        take(goal.getCategory(), before.getCategory(), next.getCategory(), goal::setCategory);
        take(goal.getTarget(), before.getTarget(), next.getTarget(), goal::setTarget);
        take(goal.getAddresses(), before.getAddresses(), next.getAddresses(), goal::setAddresses);
        take(goal.getStart(), before.getStart(), next.getStart(), goal::setStart);
        return goal;
    }

    /** One that was handed out is not described any more; of it the new time is told. */
    static void merge(
            CarePlanActivityComponent activity, CarePlanActivityComponent before, CarePlanActivityComponent next) {
        Type from = before.getDetail().getScheduled();
        Type to = next.getDetail().getScheduled();
        boolean isOwnTime = !activity.hasDetail() || same(activity.getDetail().getScheduled(), from);
        if (activity.hasDetail()) {
            merge(activity.getDetail(), before.getDetail(), next.getDetail());
        }
        if (from instanceof Period && to instanceof Period && isOwnTime && !same(from, to)) {
            Extension rescheduled = activity.addExtension().setUrl(SharedTerms.ACTIVITY_RESCHEDULED_EXTENSION);
            rescheduled.addExtension("from", from.copy());
            rescheduled.addExtension("to", to.copy());
        }
        if (sameList(effects(activity), effects(before)) && !sameList(effects(before), effects(next))) {
            activity.getExtension().removeAll(effects(activity));
            effects(next).forEach(effect -> activity.addExtension(effect.copy()));
        }
    }

    private static void merge(
            CarePlanActivityDetailComponent detail,
            CarePlanActivityDetailComponent before,
            CarePlanActivityDetailComponent next) {
        take(detail.getCode(), before.getCode(), next.getCode(), detail::setCode);
        take(detail.getScheduled(), before.getScheduled(), next.getScheduled(), detail::setScheduled);
        take(detail.getDescription(), before.getDescription(), next.getDescription(), detail::setDescription);
        take(detail.getGoal(), before.getGoal(), next.getGoal(), detail::setGoal);
        take(
                detail.getInstantiatesCanonical(),
                before.getInstantiatesCanonical(),
                next.getInstantiatesCanonical(),
                detail::setInstantiatesCanonical);
        take(detail.getExtension(), before.getExtension(), next.getExtension(), detail::setExtension);
    }

    /** Whether a person has changed what {@code before} says of it. */
    static boolean isEdited(CarePlanActivityComponent activity, CarePlanActivityComponent before) {
        return activity.hasDetail() && !activity.getDetail().equalsDeep(before.getDetail());
    }

    /** As {@link #isEdited(CarePlanActivityComponent, CarePlanActivityComponent)}. */
    static boolean isEdited(Goal goal, Goal before) {
        return !same(goal.getDescription(), before.getDescription())
                || !sameList(goal.getTarget(), before.getTarget())
                || !sameList(goal.getCategory(), before.getCategory())
                || !sameList(goal.getAddresses(), before.getAddresses())
                || !sameList(goal.getNote(), before.getNote())
                || goal.getLifecycleStatus() != before.getLifecycleStatus();
    }

    private static List<Extension> effects(CarePlanActivityComponent activity) {
        return activity.getExtensionsByUrl(PlanVocabulary.ACTIVITY_GOAL);
    }

    private static void take(
            @Nullable String stored, @Nullable String before, @Nullable String next, Consumer<@Nullable String> set) {
        if (Objects.equals(stored, before)) {
            set.accept(next);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Type> void take(
            @Nullable T stored, @Nullable T before, @Nullable T next, Consumer<@Nullable T> set) {
        if (same(stored, before)) {
            set.accept(next == null ? null : (T) next.copy());
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Base> void take(List<T> stored, List<T> before, List<T> next, Consumer<List<T>> set) {
        if (sameList(stored, before)) {
            set.accept(
                    new ArrayList<>(next.stream().map(each -> (T) each.copy()).toList()));
        }
    }

    private static boolean isNew(Base value, List<? extends Base> known) {
        return known.stream().noneMatch(each -> each.equalsDeep(value));
    }

    private static boolean same(@Nullable Base one, @Nullable Base other) {
        return Base.compareDeep(one, other, true);
    }

    private static boolean sameList(List<? extends Base> some, List<? extends Base> others) {
        return Base.compareDeep(some, others, true);
    }
}
