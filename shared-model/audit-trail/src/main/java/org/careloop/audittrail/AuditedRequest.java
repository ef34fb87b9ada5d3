package org.careloop.audittrail;

import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.careloop.calleraccess.Caller;

/**
 * What is known, for the audit trail, of the request or event that is being handled: who asked, and what was shown so far.
 * Carried in the duplicated Vert.x context and used by one step after the other.
 */
public final class AuditedRequest {

    private static final String KEY = "careloop.audited";

    private final Optional<String> correlation;
    private AuditAgent agent = AuditAgent.UNKNOWN;
    private Optional<Caller> caller = Optional.empty();
    private Optional<String> purpose = Optional.empty();
    private Optional<String> query = Optional.empty();
    private Optional<String> type = Optional.empty();
    private Optional<Long> version = Optional.empty();
    private final Set<String> patients = new LinkedHashSet<>();
    private int shown;
    private boolean written;
    private Optional<Integer> problem = Optional.empty();

    private AuditedRequest(Optional<String> correlation) {
        this.correlation = correlation;
    }

    /** Begins what is known of a request; replaces what was known in this context before. */
    public static AuditedRequest begin(Optional<String> correlation) {
        AuditedRequest request = new AuditedRequest(correlation);
        request.resume();
        return request;
    }

    /** Is the current one again, in this context: for who does the work of several requests in turn. */
    public void resume() {
        if (VertxContext.isOnDuplicatedContext()) {
            ContextLocals.put(KEY, this);
        }
    }

    /** Of what no request asked for, such as the work of a timer. */
    static AuditedRequest outside() {
        return new AuditedRequest(Optional.empty());
    }

    /** Returns what is known of the current request; empty outside one. */
    public static Optional<AuditedRequest> current() {
        return VertxContext.isOnDuplicatedContext() ? ContextLocals.get(KEY) : Optional.empty();
    }

    /** The network address that the request came from. */
    public AuditedRequest from(String address) {
        agent = agent.from(address);
        return this;
    }

    /** Whom a verified token names, before it is known what they may do. */
    public void namedBy(Optional<String> client, Optional<String> person) {
        agent = agent.named(client, person);
    }

    /** Who asks, and for what purpose: a code of v3 ActReason. */
    public void by(Caller other, Optional<String> otherPurpose) {
        caller = Optional.of(other);
        agent = agent.as(other);
        purpose = otherPurpose.or(() -> Purposes.usual(other.role()));
    }

    /** Who else caused this, such as the sender of a message. */
    public AuditedRequest onBehalfOf(String other) {
        agent = agent.onBehalfOf(other);
        return this;
    }

    /** Names this request through all services. */
    public Optional<String> correlation() {
        return correlation;
    }

    /** Whom it is made for besides who makes it. */
    public Optional<String> onBehalf() {
        return agent.onBehalf();
    }

    /** What was asked for, where the URL does not tell it: a form, a sealed link. */
    public void asked(Optional<String> searched, String criteria) {
        type = searched;
        query = Optional.of(criteria.startsWith("?") ? criteria.substring(1) : criteria);
    }

    /** The number of the problem that the answer tells. */
    public void refused(int number) {
        problem = Optional.of(number);
    }

    /** That a resource was found that the answer will show; {@code patient} has it in their record. */
    public void shows(Optional<String> patient) {
        patient.ifPresent(patients::add);
        shown++;
    }

    /** The version of the one resource that the answer shows. */
    public void ofVersion(long number) {
        version = Optional.of(number);
    }

    /** That changes are committed whose rows are in the trail already, with the changes. */
    public void hasWritten() {
        written = true;
    }

    /** Tells whether rows of this request are in the trail that tell of its success. */
    public boolean isWritten() {
        return written;
    }

    /**
     * Returns the row of the answer.
     *
     * @param url query of the request's URL
     */
    public AuditRow answered(AuditedInteraction asked, Optional<String> url, int status) {
        boolean refused = status >= 400;
        return new AuditRow(
                asked.code(),
                status,
                agent,
                new AuditRow.Subject(
                        refused ? Set.of() : Set.copyOf(patients),
                        asked.type().or(() -> type),
                        asked.id(),
                        refused ? Optional.empty() : version,
                        refused ? Optional.empty() : Optional.of(shown)),
                new AuditRow.Question(query.filter(text -> !text.isEmpty()).or(() -> url), purpose, correlation),
                refused ? problem : Optional.empty());
    }

    /** Returns who made a change that {@code writer} is said to make in this request: the platform may write in its own name. */
    AuditAgent writing(Caller writer) {
        if (caller.isEmpty() || caller.get().client().equals(writer.client())) {
            return agent.as(writer);
        }
        Caller asking = caller.get();
        return agent.as(writer)
                .named(Optional.of(writer.client()), Optional.empty())
                .onBehalfOf(asking.organizationReference().orElse("client:" + asking.client()));
    }

    AuditRow.Question question() {
        return new AuditRow.Question(query, purpose, correlation);
    }
}
