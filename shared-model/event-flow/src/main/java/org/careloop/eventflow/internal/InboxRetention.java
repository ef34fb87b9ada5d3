package org.careloop.eventflow.internal;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.eventflow.RetentionRule;

/** How long the inbox remembers: longer than any event may come again, or a repeat would have a second effect. */
@Singleton
class InboxRetention {

    /** A broker forgets whole segments, of a day at most ({@link OwnTopics}), and looks for them now and then. */
    private static final Duration SLACK = Duration.ofDays(2);

    private static final String REMOVAL = """
            delete from inbox where event_id in (
              select event_id from inbox where received < ? order by received limit ? for update skip locked)""";

    InboxRetention() {}

    @Produces
    @Singleton
    RetentionRule inbox(EventFlowConfig config) {
        return rule(config.retention());
    }

    /** Fails with {@link IllegalStateException}, and so stops the start, when the inbox would forget too soon. */
    static RetentionRule rule(EventFlowConfig.Retention config) {
        Duration repeated =
                config.topics().compareTo(config.deadLetters()) > 0 ? config.topics() : config.deadLetters();
        Duration least = repeated.plus(SLACK);
        if (config.inbox().compareTo(least) < 0) {
            throw new IllegalStateException("careloop.events.retention.inbox: too short (expected: at least "
                    + least.toDays() + " days: what topics and dead letters are kept, and " + SLACK.toDays()
                    + " days more)");
        }
        return new RetentionRule("inbox", config.inbox(), REMOVAL);
    }
}
