/**
 * Rules that are data, because they change by site or year, and the calendars by which they count.
 *
 * <p>Starting points: {@link org.careloop.ruledata.RuleSource} finds a table, the site's before the product's, {@link org.careloop.ruledata.BusinessCalendar}
 * counts business days.
 *
 * <p>Does not belong here: a rule itself; it lies in its service's {@code rules} folder.
 */
@NullMarked
package org.careloop.ruledata;

import org.jspecify.annotations.NullMarked;
