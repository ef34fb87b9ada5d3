package org.careloop.careplans.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirstore.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** The patients of whom is to be looked again what is to be told of their stays, and when. */
@Singleton
public class DueNotices {

    private static final String NEXT =
            "select patient_id, due, attempts from notice_due where due <= now() order by due, patient_id limit ?";

    private static final String ADD = """
            insert into notice_due as d (patient_id, due) values ($1, $2)
            on conflict (patient_id) do update set due = least(d.due, excluded.due)""";

    /** In the order of the ids: two that note the same patients wait for each other in one direction. */
    private static final String ADD_PATIENTS_OF = """
            insert into notice_due as d (patient_id)
            select distinct patient_id collate "C" from general_practitioner where person = any($1) order by 1
            on conflict (patient_id) do update set due = now()""";

    /** What was noted meanwhile stays. */
    private static final String LOOKED = """
            with again as (
              update notice_due set due = $3::timestamptz, attempts = 0
              where patient_id = $1 and due = $2 and $3::timestamptz is not null)
            delete from notice_due where patient_id = $1 and due = $2 and $3::timestamptz is null""";

    /** A patient of whom it is time to look. */
    public record Look(String patientId, OffsetDateTime due, int failures) {}

    DueNotices() {}

    /** Returns up to {@code most} of whom it is time, those who wait longest first. */
    public List<Look> next(Connection connection, int most) throws SQLException {
        List<Look> due = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setInt(1, most);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                due.add(new Look(rows.getString(1), rows.getObject(2, OffsetDateTime.class), rows.getInt(3)));
            }
        }
        return due;
    }

    /** Notes that the patient with this id is to be looked at {@code at} this moment, or before. */
    public Uni<Void> add(String patientId, Instant at, UnitOfWork unit) {
        return unit.sql(ADD, patientId, at.atOffset(ZoneOffset.UTC)).replaceWithVoid();
    }

    /** Notes that the patients whose general practitioner is one of {@code people} are to be looked at now. */
    public Uni<Void> addPatientsOf(List<String> people, UnitOfWork unit) {
        return unit.sql(ADD_PATIENTS_OF, (Object) people.toArray(String[]::new)).replaceWithVoid();
    }

    /** Notes that {@code look} is done in this unit, and when the next is due, if one is; what was noted since stays. */
    public Uni<Void> looked(Look look, Optional<Instant> again, UnitOfWork unit) {
        @Nullable
        OffsetDateTime next = again.map(time -> time.atOffset(ZoneOffset.UTC)).orElse(null);
        return unit.sql(LOOKED, look.patientId(), look.due(), next).replaceWithVoid();
    }

    /** Notes that {@code look} failed, and is to be tried again {@code at} this moment. */
    public Uni<Void> failed(Look look, Instant at, UnitOfWork unit) {
        return unit.sql(
                        "update notice_due set attempts = attempts + 1, due = $2 where patient_id = $1",
                        look.patientId(),
                        at.atOffset(ZoneOffset.UTC))
                .replaceWithVoid();
    }
}
