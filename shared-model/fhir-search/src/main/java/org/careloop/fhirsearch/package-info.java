/**
 * FHIR search without SQL: which parameters a type has, what of a resource is indexed, what a query asks for.
 *
 * <p>Starting points: {@link org.careloop.fhirsearch.SearchParameters} (the R4 catalogue), {@link
 * org.careloop.fhirsearch.IndexEntries} (resource to index entries) and {@link org.careloop.fhirsearch.SearchRequest}
 * (query string to request). An entry and a condition meet in {@link org.careloop.fhirsearch.IndexHash}.
 *
 * <p>Does not belong here: SQL, HTTP, and who may see what.
 */
@NullMarked
package org.careloop.fhirsearch;

import org.jspecify.annotations.NullMarked;
