package org.careloop.calleraccess;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Consent.ConsentDataMeaning;
import org.hl7.fhir.r4.model.Consent.ConsentProvisionType;
import org.hl7.fhir.r4.model.Consent.ConsentState;
import org.hl7.fhir.r4.model.Consent.ProvisionComponent;

/**
 * One rule of a patient's consent, with what it takes from the rules that it stands in. Of those that speak of an access, the
 * deepest decides; of several at one depth, and of several consents, a denial.
 *
 * <p>What is not understood of a rule makes a permission permit nothing and a denial deny more, never the other way round.
 *
 * @param depth 0 for the consent's base rule, one more for each nesting
 * @param organizations ids of those that it is about; absent: anybody
 * @param purposes codes of purposes; absent: any
 * @param types FHIR types; absent: any
 * @param labels {@code system|code}, of which what it is about has one; absent: any or none
 * @param codes {@code system|code}, of which what it is about has one; absent: any or none
 * @param targets {@code Type/id} of the resources that it is about; absent: any
 * @param valid when the rule is in force
 * @param data when the data are from
 * @see <a href="https://hl7.org/fhir/R4/consent.html">FHIR R4 Consent</a>
 */
public record ConsentProvision(
        int depth,
        boolean permit,
        Optional<Set<String>> organizations,
        Optional<Set<String>> purposes,
        Optional<Set<String>> types,
        Optional<Set<String>> labels,
        Optional<Set<String>> codes,
        Optional<Set<String>> targets,
        Between valid,
        Between data) {

    private static final String SCOPE = "patient-privacy";
    private static final Set<String> OPTS_IN = Set.of("OPTIN", "OPTINR");
    private static final Set<String> OPTS_OUT = Set.of("OPTOUT", "OPTOUTE");
    private static final String TYPES = "http://hl7.org/fhir/resource-types";

    /** What a consent calls to let others see; to collect and to correct is not that. */
    private static final Set<String> SHOWING = Set.of("access", "use", "disclose");

    private static final ConsentProvision ANYTHING = new ConsentProvision(
            -1,
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Between.ALWAYS,
            Between.ALWAYS);

    /** Returns the rules of {@code consent}: none unless it is active and about privacy. */
    public static List<ConsentProvision> of(Consent consent) {
        List<ConsentProvision> rules = new ArrayList<>();
        if (consent.getStatus() == ConsentState.ACTIVE && has(consent.getScope(), SCOPE)) {
            add(consent.getProvision(), base(consent), ANYTHING, rules);
        }
        return rules;
    }

    /** R4 keeps the base rule out of the provision, many write it there. */
    private static Optional<Boolean> base(Consent consent) {
        return type(consent.getProvision())
                .or(() -> hasAny(consent.getPolicyRule(), OPTS_OUT) ? Optional.of(false) : Optional.empty())
                .or(() -> hasAny(consent.getPolicyRule(), OPTS_IN) ? Optional.of(true) : Optional.empty());
    }

    private static Optional<Boolean> type(ProvisionComponent provision) {
        return Optional.ofNullable(provision.getType()).map(ConsentProvisionType.PERMIT::equals);
    }

    private static void add(
            ProvisionComponent provision,
            Optional<Boolean> permit,
            ConsentProvision outer,
            List<ConsentProvision> rules) {
        // Without a type, it narrows what stands in it.
        ConsentProvision rule = narrowed(provision, permit.orElse(true), outer);
        boolean shows = provision.getAction().isEmpty()
                || provision.getAction().stream().anyMatch(action -> hasAny(action, SHOWING));
        if (permit.isPresent() && shows) {
            rules.add(rule);
        }
        provision.getProvision().forEach(inner -> add(inner, type(inner), rule, rules));
    }

    private static ConsentProvision narrowed(ProvisionComponent provision, boolean permit, ConsentProvision outer) {
        return new ConsentProvision(
                outer.depth + 1,
                permit,
                one(permit, outer.organizations, organizations(provision, permit)),
                one(
                        permit,
                        outer.purposes,
                        named(provision.getPurpose(), permit, coding -> Optional.of(coding.getCode()))),
                one(permit, outer.types, named(provision.getClass_(), permit, ConsentProvision::type)),
                one(permit, outer.labels, named(provision.getSecurityLabel(), permit, ConsentProvision::whole)),
                one(permit, outer.codes, codes(provision, permit)),
                one(permit, outer.targets, targets(provision, permit)),
                Between.of(provision.getPeriod()).within(outer.valid),
                Between.of(provision.getDataPeriod()).within(outer.data));
    }

    /** Two lists that both narrow are one for a permission as far as they agree; a denial goes by its own. */
    private static Optional<Set<String>> one(boolean permit, Optional<Set<String>> outer, Optional<Set<String>> own) {
        if (outer.isEmpty() || own.isEmpty()) {
            return own.or(() -> outer);
        }
        return permit
                ? Optional.of(own.get().stream().filter(outer.get()::contains).collect(Collectors.toUnmodifiableSet()))
                : own;
    }

    private static Optional<Set<String>> organizations(ProvisionComponent provision, boolean permit) {
        return named(
                provision.getActor(),
                permit,
                actor -> ResourceKey.parse(String.valueOf(actor.getReference().getReference()))
                        .filter(key -> key.type().equals("Organization"))
                        .map(key -> key.id().value()));
    }

    private static Optional<String> type(Coding coding) {
        return TYPES.equals(coding.getSystem()) ? Optional.ofNullable(coding.getCode()) : Optional.empty();
    }

    private static Optional<String> whole(Coding coding) {
        return coding.hasSystem() && coding.hasCode()
                ? Optional.of(coding.getSystem() + "|" + coding.getCode())
                : Optional.empty();
    }

    private static Optional<Set<String>> codes(ProvisionComponent provision, boolean permit) {
        List<Coding> codings = provision.getCode().stream()
                .flatMap(concept ->
                        concept.getCoding().isEmpty() ? Stream.of(new Coding()) : concept.getCoding().stream())
                .toList();
        return named(codings, permit, ConsentProvision::whole);
    }

    private static Optional<Set<String>> targets(ProvisionComponent provision, boolean permit) {
        return named(
                provision.getData(),
                permit,
                data -> data.getMeaning() == ConsentDataMeaning.INSTANCE
                        ? ResourceKey.parse(String.valueOf(data.getReference().getReference()))
                                .map(ResourceKey::reference)
                        : Optional.empty());
    }

    /** Absent when nothing is told, and for a denial also when something of it is not understood. */
    private static <T> Optional<Set<String>> named(
            Collection<T> told, boolean permit, Function<T, Optional<String>> understood) {
        Set<String> names = new LinkedHashSet<>();
        boolean all = !told.isEmpty();
        for (T each : told) {
            Optional<String> name = understood.apply(each);
            name.ifPresent(names::add);
            all &= name.isPresent();
        }
        return told.isEmpty() || !permit && !all ? Optional.empty() : Optional.of(names);
    }

    private static boolean has(CodeableConcept concept, String code) {
        return hasAny(concept, Set.of(code));
    }

    private static boolean hasAny(CodeableConcept concept, Set<String> codes) {
        return concept.getCoding().stream().anyMatch(coding -> coding.hasCode() && codes.contains(coding.getCode()));
    }
}
