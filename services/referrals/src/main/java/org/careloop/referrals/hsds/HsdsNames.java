package org.careloop.referrals.hsds;

import java.util.Locale;
import java.util.Map;

/** One name for each table: HSDS calls them by other names in CSV files, in JSON and in its versions 2 and 3. */
final class HsdsNames {

    private static final Map<String, String> IRREGULAR = Map.of(
            "addresses", "address",
            "address", "address",
            "physical_addresses", "address",
            "services_taxonomy", "service_taxonomy",
            "services_at_location", "service_at_location",
            "regular_schedules", "schedule",
            "regular_schedule", "schedule");

    private HsdsNames() {}

    static String table(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (IRREGULAR.containsKey(lower)) {
            return IRREGULAR.get(lower);
        }
        if (lower.endsWith("ies")) {
            return lower.substring(0, lower.length() - 3) + "y";
        }
        return lower.endsWith("s") && !lower.endsWith("ss") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
