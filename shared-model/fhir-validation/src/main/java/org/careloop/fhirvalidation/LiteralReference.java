package org.careloop.fhirvalidation;

import org.careloop.fhirmodel.ResourceKey;

/**
 * A reference to a resource of this platform, as a resource holds it: relative, {@code Type/id}.
 *
 * @param path the FHIRPath of the element that refers
 */
public record LiteralReference(String path, ResourceKey target) {}
