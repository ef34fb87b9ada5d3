package org.careloop.fhirvalidation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of validation. */
@ConfigMapping(prefix = "careloop.validation")
public interface FhirValidationConfig {

    /** Folder of FHIR packages (.tgz) and single conformance resources (.json); without one no profile is known. */
    Optional<Path> packages();

    /**
     * What a write is checked for beside the structure rules: {@code off} nothing, {@code claimed} the installed profiles
     * that it claims in meta.profile, {@code all} those and the base definition by HAPI's validator.
     */
    @WithDefault("claimed")
    String onWrite();
}
