package org.careloop.patients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.patients.Persons.patient;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.problem;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.careloop.audittrail.AuditVerification.Fault;
import org.careloop.audittrail.AuditVerification.Kind;
import org.careloop.audittrail.AuditVerification.Report;
import org.careloop.audittrail.internal.AuditSeals;
import org.careloop.audittrail.internal.AuditWalk;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The chain of the audit trail, broken by hand; each time in a transaction that is undone. */
@QuarkusTest
class AuditChainApiTest {

    private static final String UNLOCKED = """
            alter table audit_event disable trigger audit_append_only;
            alter table audit_seal disable trigger audit_append_only;
            grant all on audit_event, audit_seal to current_user;""";

    @Inject
    DataSource database;

    private long row;

    /** Several links, so that there is something before, between and behind. What a test breaks is whole again for the next. */
    @BeforeEach
    void aSealedTrail() throws SQLException {
        awaitSealed();
        while (middle() < 2) {
            String id = create(patient("female"));
            as(Tokens.supervisor()).get("/fhir/Patient/" + id).then().statusCode(200);
            awaitSealed();
        }
        row = number("select max(seq) from audit_event where interaction = 'create' and seq <= "
                + "(select last_seq from audit_seal where number = " + middle() + ")");
    }

    @Test
    void theOperationTellsThatTheChainIsWhole() {
        var report = as(Tokens.supervisor()).get("/operations/audit/verify");
        assertThat(report.statusCode()).isEqualTo(200);
        assertThat(report.jsonPath().getBoolean("intact")).as(report.asString()).isTrue();
        assertThat(report.jsonPath().getLong("seals")).isGreaterThanOrEqualTo(3);
        assertThat(report.jsonPath().getInt("heads")).as("heads of the broker").isPositive();
        problem(as(Tokens.coordinator()).get("/operations/audit/verify"), ProblemCode.FORBIDDEN);
    }

    @Test
    void aChangedRowIsFound() throws SQLException {
        assertThat(broken("update audit_event set person = 'nobody' where seq = " + row))
                .contains(new Fault(Kind.ROW_CHANGED, middle(), Optional.of(row)));
        assertThat(broken("update audit_event set patients = '{}' where seq = " + row))
                .contains(new Fault(Kind.ROW_CHANGED, middle(), Optional.of(row)));
        assertThat(broken("update audit_event set recorded = recorded + interval '1 microsecond' where seq = " + row))
                .contains(new Fault(Kind.ROW_CHANGED, middle(), Optional.of(row)));
    }

    @Test
    void aChangedRowOfSeveralAnswersIsFound() throws SQLException {
        long answers = number("select max(seq) from audit_event where answers::text like '%\"status\":200%'");
        for (String change : List.of(
                "answers = replace(answers::text, '200', '404')::json",
                "answers = null",
                "keys = '{}'",
                "keys = null")) {
            assertThat(broken("update audit_event set " + change + " where seq = " + answers)
                            .map(Fault::kind))
                    .as(change)
                    .contains(Kind.ROW_CHANGED);
        }
    }

    /** What was sealed before answers shared rows has to hold: what its digest covers may never change. */
    @Test
    void theDigestOfAChangeIsThatOfTheFirstRelease() throws Exception {
        long change = number("select max(seq) from audit_event where interaction = 'create'");
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        DataOutputStream parts = new DataOutputStream(content);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select seq, (extract(epoch from recorded) * 1000000)::bigint, interaction, status, client, person, role,
                            organization, on_behalf, address, array_to_string(patients, ' '), type, id, version, query, purpose,
                            correlation, results, problem from audit_event where seq = """ + change)) {
            assertThat(row.next()).isTrue();
            for (int column = 1; column <= 19; column++) {
                String value = row.getString(column);
                parts.writeInt(value == null ? -1 : value.getBytes(UTF_8).length);
                parts.write(value == null ? new byte[0] : value.getBytes(UTF_8));
            }
        }
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(content.toByteArray()))
                .substring(0, 32);
        assertThat(number(
                        "select count(*) from audit_seal where %d = any(seqs) and '%s' = encode(substr(digests, (array_position(seqs, %d::bigint) - 1) * 16 + 1, 16), 'hex')"
                                .formatted(change, digest, change)))
                .isEqualTo(1);
    }

    @Test
    void aRemovedRowIsFound() throws SQLException {
        assertThat(broken("delete from audit_event where seq = " + row))
                .contains(new Fault(Kind.ROW_REMOVED, middle(), Optional.of(row)));
    }

    @Test
    void anInsertedRowIsFound() throws SQLException {
        String copy = """
                insert into audit_event (seq, interaction, status, patients) overriding system value values (%d, 'read', 200, '{}')""";
        assertThat(broken(copy.formatted(-7))).contains(new Fault(Kind.ROW_INSERTED, 1, Optional.of(-7L)));
        assertThat(broken("delete from audit_event where seq = " + row + ";" + copy.formatted(row)))
                .contains(new Fault(Kind.ROW_CHANGED, middle(), Optional.of(row)));
    }

    @Test
    void aRemovedLinkIsFound() throws SQLException {
        assertThat(broken("delete from audit_seal where number = " + middle()))
                .contains(new Fault(Kind.SEAL_REMOVED, middle(), Optional.empty()));
        assertThat(broken("delete from audit_seal where number = 1"))
                .contains(new Fault(Kind.SEAL_REMOVED, 1, Optional.empty()));
    }

    @Test
    void aChangedLinkIsFound() throws SQLException {
        assertThat(broken("update audit_seal set last_seq = last_seq + 1 where number = " + middle()))
                .contains(new Fault(Kind.SEAL_CHANGED, middle(), Optional.empty()));
        assertThat(broken("update audit_seal set digest = sha256('x') where number = " + middle()))
                .contains(new Fault(Kind.SEAL_CHANGED, middle(), Optional.empty()));
    }

    /** Without what the broker was told, a chain that ends earlier is a whole chain. */
    @Test
    void aCutTailIsFoundByTheHeadsOfTheBroker() throws SQLException {
        String cut = "delete from audit_event where seq > (select last_seq from audit_seal where number = " + middle()
                + "); delete from audit_seal where number > " + middle();
        assertThat(broken(cut)).contains(new Fault(Kind.CUT_OFF, middle() + 1, Optional.empty()));
        assertThat(walked(cut, Optional.empty()).fault()).isEmpty();
    }

    /** Who may write everything makes a chain that holds; only not the one that was told. */
    @Test
    void aRewrittenChainIsFoundByTheHeadsOfTheBroker() throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            Map<Long, String> heads = heads();
            try (Statement statement = connection.createStatement()) {
                statement.execute(UNLOCKED + "delete from audit_event where seq = " + row
                        + ";delete from audit_seal where number >= " + middle());
                new AuditSeals(connection).add(Long.MAX_VALUE, Integer.MAX_VALUE);
                assertThat(new AuditWalk(connection, Optional.empty())
                                .from(1, Long.MAX_VALUE)
                                .fault())
                        .isEmpty();
                assertThat(new AuditWalk(connection, Optional.of(heads))
                                .from(1, Long.MAX_VALUE)
                                .fault())
                        .contains(new Fault(Kind.REWRITTEN, middle(), Optional.empty()));
            } finally {
                connection.rollback();
            }
        }
    }

    @Test
    void whatAnOperatorPrunedIsNoFaultAndIsTold() throws SQLException {
        Report report =
                walked("select audit_prune(now() + interval '1 minute', 'kept seven years')", Optional.of(heads()));
        assertThat(report.fault()).isEmpty();
        assertThat(report.prunedUpTo()).isEqualTo(last());
        assertThat(report.unsealed()).as("the act itself").isEqualTo(1);
        assertThat(report.rows()).isZero();
    }

    @Test
    void aLongChainIsWalkedInPieces() throws SQLException {
        Report first = walked("select 1", Optional.empty(), 1);
        assertThat(first.next()).contains(2L);
        assertThat(first.intact()).isTrue();
    }

    private void awaitSealed() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> number("select count(*) from audit_event where seq > "
                                + "(select coalesce(max(last_seq), 0) from audit_seal)")
                        == 0);
    }

    private long last() throws SQLException {
        return number("select max(number) from audit_seal");
    }

    /** The last link but for the end that has a change in it. */
    private long middle() throws SQLException {
        return number("""
                select coalesce(max(number), 0) from audit_seal s where number < (select max(number) from audit_seal)
                  and exists (select from audit_event where seq = any(s.seqs) and interaction = 'create')""");
    }

    private Map<Long, String> heads() throws SQLException {
        Map<Long, String> heads = new HashMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select number, encode(digest, 'hex') from audit_seal")) {
            while (rows.next()) {
                heads.put(rows.getLong(1), rows.getString(2));
            }
        }
        return heads;
    }

    private Optional<Fault> broken(String how) throws SQLException {
        return walked(how, Optional.of(heads())).fault();
    }

    private Report walked(String how, Optional<Map<Long, String>> heads) throws SQLException {
        return walked(how, heads, Long.MAX_VALUE);
    }

    private Report walked(String how, Optional<Map<Long, String>> heads, long most) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(UNLOCKED + how);
                return new AuditWalk(connection, heads).from(1, most);
            } finally {
                connection.rollback();
            }
        }
    }

    private long number(String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
