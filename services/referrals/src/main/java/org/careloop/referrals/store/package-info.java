/**
 * What this service keeps beside FHIR resources: the areas of patients, the choice lists and whose cancellations
 * they were; and its view of the directory.
 *
 * <p>Starting points: {@link org.careloop.referrals.store.PatientAreas}, {@link
 * org.careloop.referrals.store.ChoiceLists}, {@link org.careloop.referrals.store.AgencyDirectory}. What is written, or
 * read to write, is so inside a given unit of work, one call at a time; what figures read is one statement outside.
 *
 * <p>Does not belong here: rules (domain), FHIR resources (fhir-store holds them).
 */
@NullMarked
package org.careloop.referrals.store;

import org.jspecify.annotations.NullMarked;
