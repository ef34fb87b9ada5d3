package org.careloop.fhirvalidation;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirvalidation.internal.PackageFolder;
import org.careloop.fhirvalidation.internal.PackedResources;

/**
 * What a site has installed, packages as published and single conformance resources, beside the platform's own codes. Read at the start, which a broken one
 * stops; kept packed until the validator asks for a definition.
 */
@Singleton
public class ConformancePackages {

    /**
     * One package.
     *
     * @param version absent for a folder of single resources
     * @param canonicals number of definitions in it
     */
    public record Installed(String name, Optional<String> version, int canonicals) {}

    private final List<Installed> installed;
    private final PackedResources resources;

    ConformancePackages(FhirValidationConfig config) {
        PackageFolder folder = new PackageFolder();
        folder.readOwn();
        config.packages().ifPresent(folder::read);
        this.installed = folder.installed().stream()
                .map(each -> new Installed(each.name(), each.version(), each.canonicals()))
                .toList();
        this.resources = folder.resources();
    }

    /** The packages in the order of their names. */
    public List<Installed> installed() {
        return installed;
    }

    /** Whether the profile {@code canonical}, perhaps with {@code |version}, is installed. */
    public boolean hasProfile(String canonical) {
        return resources.has("StructureDefinition", canonical);
    }

    /** The installed profiles of the resource type {@code type}, as {@code url|version}. */
    public List<String> profiles(String type) {
        return resources.profiles(type);
    }

    /** The installed implementation guides, as {@code url|version}. */
    public List<String> guides() {
        return resources.canonicals("ImplementationGuide");
    }

    PackedResources resources() {
        return resources;
    }
}
