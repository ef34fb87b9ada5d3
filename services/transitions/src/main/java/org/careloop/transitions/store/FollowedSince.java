package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.time.ZoneId;
import org.careloop.fhirstore.UnitOfWork;

/** Since when it is followed who patients are and who pays for them. */
@Singleton
public class FollowedSince {

    FollowedSince() {}

    /** Returns the day in {@code zone}. */
    public Uni<LocalDate> day(ZoneId zone, UnitOfWork unit) {
        return unit.sql("select to_char(since at time zone $1::text, 'YYYY-MM-DD') from followed_since", zone.getId())
                .map(rows -> LocalDate.parse((String) rows.getFirst()[0]));
    }
}
