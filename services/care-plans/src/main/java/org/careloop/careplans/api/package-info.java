/** What is not plain FHIR REST, translated to use cases. */
@NullMarked
package org.careloop.careplans.api;

import org.jspecify.annotations.NullMarked;
