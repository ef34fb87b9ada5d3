package org.careloop.transitions.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careloop.transitions.domain.Milestone;
import org.careloop.transitions.domain.MilestoneProgress;
import org.careloop.transitions.domain.MilestoneState;
import org.jspecify.annotations.Nullable;

/** One milestone of a transition and what shows that it was reached. */
@Entity
@Table(name = "transition_milestone")
public class TransitionMilestone {

    /** No reference has it. */
    private static final String BETWEEN = " ";

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

    @Enumerated(EnumType.STRING)
    private MilestoneState state = MilestoneState.OPEN;

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

    /** Notes how far it is. */
    public void show(MilestoneProgress progress) {
        state = progress.state();
        reached = progress.reached().orElse(null);
        evidence = progress.evidence().isEmpty() ? null : String.join(BETWEEN, progress.evidence());
    }

    /** Takes it back, because its discharge was; the row stays. */
    public void withdraw(Instant at) {
        withdrawn = at;
        state = MilestoneState.WITHDRAWN;
    }

    /** The version of the rules that made it. */
    public String rules() {
        return rules;
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
        return new MilestoneProgress(
                milestone(),
                rules,
                state,
                Optional.ofNullable(reached),
                evidence == null ? List.of() : List.of(evidence.split(BETWEEN)));
    }
}
