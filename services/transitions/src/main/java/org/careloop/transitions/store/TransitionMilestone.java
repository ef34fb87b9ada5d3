package org.careloop.transitions.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.careloop.transitions.domain.Milestone;
import org.careloop.transitions.domain.MilestoneProgress;
import org.jspecify.annotations.Nullable;

/** One milestone of a transition and what shows that it was reached. */
@Entity
@Table(name = "transition_milestone")
public class TransitionMilestone {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Column(name = "episode_id")
    private String episodeId = "";

    private String code = "";
    private String title = "";
    private Instant opens = Instant.EPOCH;
    private @Nullable Instant target;
    private Instant due = Instant.EPOCH;
    private String source = "";
    private String rules = "";
    private @Nullable Instant reached;
    private @Nullable String evidence;
    private @Nullable Instant withdrawn;

    protected TransitionMilestone() {}

    /** A milestone that is not reached; {@code rules} is the version of the rules that made it. */
    public TransitionMilestone(String episodeId, Milestone milestone, String rules) {
        this.episodeId = episodeId;
        this.code = milestone.code();
        this.title = milestone.title();
        this.opens = milestone.opens();
        this.target = milestone.target().orElse(null);
        this.due = milestone.due();
        this.source = milestone.source();
        this.rules = rules;
    }

    /** Notes the first evidence; later ones change nothing. Returns whether this was the first. */
    public boolean reach(Instant at, String reference) {
        if (reached != null || withdrawn != null || at.isBefore(opens)) {
            return false;
        }
        reached = at;
        evidence = reference;
        return true;
    }

    /** Takes it back, because its discharge was; the row stays. */
    public void withdraw(Instant at) {
        withdrawn = at;
    }

    /** Has it reached by what {@code before} was, which it comes in the place of. */
    public void takeOver(TransitionMilestone before) {
        if (before.reached != null && before.evidence != null && before.code.equals(code)) {
            reach(before.reached, before.evidence);
        }
    }

    public String code() {
        return code;
    }

    /** What has to happen until when. */
    public Milestone milestone() {
        return new Milestone(code, title, opens, Optional.ofNullable(target), due, source);
    }

    public boolean isWithdrawn() {
        return withdrawn != null;
    }

    /** What the EpisodeOfCare shows of it. */
    public MilestoneProgress progress() {
        return new MilestoneProgress(milestone(), rules, Optional.ofNullable(reached), Optional.ofNullable(evidence));
    }
}
