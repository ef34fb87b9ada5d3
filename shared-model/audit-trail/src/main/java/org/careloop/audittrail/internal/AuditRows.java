package org.careloop.audittrail.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.mutiny.sqlclient.Tuple;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.audittrail.AuditAgent;
import org.careloop.audittrail.AuditRow;
import org.jspecify.annotations.Nullable;

/** What is recorded, as the database takes it. */
public final class AuditRows {

    /** As many answers share a row at most: so many numbers it has. */
    public static final int MOST_IN_ONE = 256;

    /**
     * Adds a row of several answers. The transaction has its number before the row has its own, see AuditSealing: the condition
     * is looked at first.
     */
    public static final String INSERT = "insert into audit_event (interaction, status, patients, keys, answers)"
            + " select 'answers', 0, '{}', $1, $2::text::json where pg_current_xact_id() is not null";

    /** An index takes no longer keys, and no name of anything here is as long. */
    private static final int LONGEST_NAME = 200;

    private static final int LONGEST_QUERY = 8000;
    private static final int USUAL_LENGTH = 400;

    private static final JsonFactory JSON = new JsonFactory();

    private AuditRows() {}

    /** What {@link #INSERT} takes. */
    public static Tuple parameters(List<AuditRow> answers) {
        Set<String> keys = new LinkedHashSet<>();
        answers.forEach(answer -> addKeys(keys, answer));
        return Tuple.of(keys.toArray(String[]::new), json(answers));
    }

    private static void addKeys(Set<String> keys, AuditRow answer) {
        AuditAgent agent = answer.agent();
        AuditRow.Subject subject = answer.subject();
        subject.patients().forEach(patient -> keys.add(clean(patient, LONGEST_NAME)));
        addKey(keys, "client:", agent.client());
        addKey(keys, "person:", agent.person());
        addKey(keys, "Organization/", agent.organization());
        subject.type().ifPresent(type -> addKey(keys, clean(type, LONGEST_NAME) + "/", subject.id()));
    }

    private static void addKey(Set<String> keys, String mark, Optional<String> name) {
        name.ifPresent(given -> keys.add(mark + clean(given, LONGEST_NAME)));
    }

    private static String json(List<AuditRow> answers) {
        StringWriter text = new StringWriter(USUAL_LENGTH * answers.size());
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartArray();
            for (AuditRow answer : answers) {
                json.writeStartObject();
                write(json, answer);
                json.writeEndObject();
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
        return text.toString();
    }

    /** By the names of the columns, as the view {@code audit_answer} reads it. */
    private static void write(JsonGenerator json, AuditRow answer) throws IOException {
        AuditAgent agent = answer.agent();
        AuditRow.Subject subject = answer.subject();
        AuditRow.Question question = answer.question();
        json.writeStringField("interaction", answer.interaction());
        json.writeNumberField("status", answer.status());
        write(json, "client", name(agent.client()));
        write(json, "person", name(agent.person()));
        write(json, "role", name(agent.role()));
        write(json, "organization", name(agent.organization()));
        write(json, "on_behalf", name(agent.onBehalf()));
        write(json, "address", name(agent.address()));
        if (!subject.patients().isEmpty()) {
            json.writeArrayFieldStart("patients");
            for (String patient : subject.patients()) {
                json.writeString(clean(patient, LONGEST_NAME));
            }
            json.writeEndArray();
        }
        write(json, "type", name(subject.type()));
        write(json, "id", name(subject.id()));
        if (subject.version().isPresent()) {
            json.writeNumberField("version", subject.version().get());
        }
        write(json, "query", query(question.query()));
        write(json, "purpose", name(question.purpose()));
        write(json, "correlation", name(question.correlation()));
        if (subject.results().isPresent()) {
            json.writeNumberField("results", subject.results().get());
        }
        if (answer.problem().isPresent()) {
            json.writeNumberField("problem", answer.problem().get());
        }
    }

    private static void write(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    /** What tells of a writer, in the order of the parameters of {@code audited}. */
    public static List<@Nullable Object> parameters(AuditAgent agent, AuditRow.Question question) {
        List<@Nullable Object> values = new ArrayList<>();
        values.add(name(agent.client()));
        values.add(name(agent.person()));
        values.add(name(agent.role()));
        values.add(name(agent.organization()));
        values.add(name(agent.onBehalf()));
        values.add(name(agent.address()));
        values.add(query(question.query()));
        values.add(name(question.purpose()));
        values.add(name(question.correlation()));
        return values;
    }

    private static @Nullable String name(Optional<String> value) {
        return value.map(text -> clean(text, LONGEST_NAME)).orElse(null);
    }

    private static @Nullable String query(Optional<String> value) {
        return value.map(text -> clean(text, LONGEST_QUERY)).orElse(null);
    }

    /** PostgreSQL's text has no NUL. */
    private static String clean(String text, int longest) {
        String cut = text.length() > longest ? text.substring(0, longest) : text;
        return cut.indexOf('\0') < 0 ? cut : cut.replace("\0", "");
    }
}
