package org.careloop.calleraccess;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.IndexHash;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/**
 * Whose access asks what patients consented to, and which resources are sensitive: data, read from {@code consent.yaml};
 * {@code docs/architecture/security.md} explains the format.
 *
 * @see <a href="https://www.ecfr.gov/current/title-42/chapter-I/subchapter-A/part-2">42 CFR Part 2</a>
 * @see <a href="https://hl7.org/fhir/R4/security-labels.html">FHIR R4 security labels</a>
 */
public final class ConsentRules {

    /** The search parameter by which labels are indexed. */
    static final String LABELS = "_security";

    private static final RuleFile FILE = new RuleFile("consent.yaml");
    private static final String MANY = "*";

    /**
     * What makes a resource sensitive.
     *
     * @param label {@code system|code}
     * @param codes by system; one that ends with {@code *} stands for all that start so
     */
    private record Sensitive(String label, Map<String, List<String>> codes) {

        boolean isAbout(Coding coding) {
            return codes.getOrDefault(coding.hasSystem() ? coding.getSystem() : "", List.of()).stream()
                    .anyMatch(code -> code.endsWith(MANY)
                            ? coding.hasCode() && coding.getCode().startsWith(code.substring(0, code.length() - 1))
                            : code.equals(coding.getCode()));
        }

        Coding coding() {
            int end = label.indexOf('|');
            return new Coding().setSystem(label.substring(0, end)).setCode(label.substring(end + 1));
        }
    }

    /**
     * What is asked before a patient is enrolled in coordination.
     *
     * @param purposes codes of http://terminology.hl7.org/CodeSystem/v3-ActReason
     * @param without whether a patient is enrolled of whom no consent speaks
     */
    public record Enrolment(Set<String> purposes, boolean without) {}

    private final String holder;
    private final Map<Role, Set<String>> purposes;
    private final boolean openWithout;
    private final Enrolment enrolment;
    private final List<String> elements;
    private final List<Sensitive> sensitive;

    private ConsentRules(Map<String, Object> file) {
        this.holder = FILE.string("holder", file.get("holder"));
        this.purposes = purposes(file);
        this.openWithout = permits("without", file.get("without"));
        this.enrolment = enrolment(file.get("enrolment"));
        this.elements = FILE.strings("elements", file.get("elements"));
        this.sensitive = sensitive(file);
    }

    /**
     * Reads the rules of the site, or those that come with the product. Fails with {@link IllegalStateException} when they
     * hold what is not understood.
     */
    public static ConsentRules load(Optional<Path> site) {
        try (InputStream yaml = site.isPresent()
                ? Files.newInputStream(site.get())
                : ConsentRules.class.getResourceAsStream("/consent.yaml")) {
            return read(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ConsentRules read(InputStream yaml) {
        return new ConsentRules(FILE.read(
                yaml, Set.of("version", "holder", "asked-of", "without", "enrolment", "elements", "sensitive")));
    }

    private static boolean permits(String place, @Nullable Object yaml) {
        return switch (FILE.string(place, yaml)) {
            case "permit" -> true;
            case "deny" -> false;
            default -> throw FILE.wrong(place, "permit or deny", null);
        };
    }

    private static Enrolment enrolment(@Nullable Object yaml) {
        Map<String, Object> fields = FILE.map("enrolment", yaml, Set.of("purposes", "without"));
        return new Enrolment(
                Set.copyOf(FILE.strings("enrolment.purposes", fields.get("purposes"))),
                permits("enrolment.without", fields.get("without")));
    }

    private static Map<Role, Set<String>> purposes(Map<String, Object> file) {
        Map<Role, Set<String>> purposes = new EnumMap<>(Role.class);
        FILE.map("asked-of", file.get("asked-of"))
                .forEach((role, codes) -> purposes.put(
                        FILE.role("asked-of." + role, role), Set.copyOf(FILE.strings("asked-of." + role, codes))));
        return purposes;
    }

    private static List<Sensitive> sensitive(Map<String, Object> file) {
        List<Sensitive> sensitive = new ArrayList<>();
        for (Object entry : FILE.list("sensitive", file.get("sensitive"))) {
            Map<String, Object> fields = FILE.map("sensitive", entry, Set.of("label", "codes"));
            String label = FILE.string("sensitive.label", fields.get("label"));
            if (!label.matches("[^|]+\\|[^|]+")) {
                throw FILE.wrong("sensitive.label", "system|code", null);
            }
            Map<String, List<String>> codes = new HashMap<>();
            FILE.map("sensitive.codes", fields.get("codes"))
                    .forEach((system, list) -> codes.put(system, FILE.strings("sensitive.codes." + system, list)));
            sensitive.add(new Sensitive(label, codes));
        }
        return List.copyOf(sensitive);
    }

    /** The service that holds Consent. */
    public String holder() {
        return holder;
    }

    /** What is asked before a patient is enrolled in coordination. */
    public Enrolment enrolment() {
        return enrolment;
    }

    /** Returns the condition that what {@code caller} sees of {@code type} was consented to; of others, none is asked. */
    Condition condition(Caller caller, String type) {
        Set<String> asked = purposes.get(caller.role());
        if (asked == null || !Compartment.has(type)) {
            return Condition.EVERYTHING;
        }
        return caller.organization()
                .<Condition>map(organization -> new Condition.Consented(
                        organization,
                        asked,
                        sensitive.stream()
                                .map(each -> IndexHash.ofValue(type, LABELS, each.label))
                                .collect(Collectors.toUnmodifiableSet()),
                        openWithout))
                .orElse(Condition.NOTHING);
    }

    /** Labels {@code resource} with what its codes tell; labels that it has stay. */
    public void label(Resource resource) {
        List<Coding> codes =
                elements.stream().flatMap(element -> codes(resource, element)).toList();
        for (Sensitive each : sensitive) {
            Coding label = each.coding();
            if (codes.stream().anyMatch(each::isAbout)
                    && resource.getMeta().getSecurity(label.getSystem(), label.getCode()) == null) {
                resource.getMeta().addSecurity(label);
            }
        }
    }

    private static Stream<Coding> codes(Resource resource, String element) {
        Property property = resource.getNamedProperty(element);
        return property == null ? Stream.empty() : property.getValues().stream().flatMap(ConsentRules::codes);
    }

    private static Stream<Coding> codes(Base value) {
        return switch (value) {
            case CodeableConcept concept -> concept.getCoding().stream();
            case Coding coding -> Stream.of(coding);
            default -> Stream.empty();
        };
    }
}
