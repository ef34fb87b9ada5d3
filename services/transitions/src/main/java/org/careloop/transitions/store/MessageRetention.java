package org.careloop.transitions.store;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.careloop.eventflow.RetentionRule;
import org.careloop.transitions.TransitionsConfig;

/**
 * How long messages are kept: the content of those that took effect for questions about it, their rows to recognise a
 * repeat, refused ones for an operator. What waits or failed is nobody's to remove.
 */
@Singleton
class MessageRetention {

    private static final String OLDEST = " and received < ? order by received limit ? for update skip locked)";

    private final TransitionsConfig.Retention config;

    MessageRetention(TransitionsConfig config) {
        this.config = config.retention();
    }

    @Produces
    @Singleton
    RetentionRule content() {
        return new RetentionRule(
                "contents of HL7 messages",
                config.content(),
                "update hl7_message set raw = null where id in (select id from hl7_message"
                        + " where status = 'PROCESSED' and raw is not null" + OLDEST);
    }

    /** Fails, and so stops the start, when rows would go before their content. */
    @Produces
    @Singleton
    RetentionRule processed() {
        if (config.processed().compareTo(config.content()) < 0) {
            throw new IllegalStateException("careloop.transitions.retention.processed: too short"
                    + " (expected: not less than careloop.transitions.retention.content)");
        }
        return new RetentionRule("processed HL7 messages", config.processed(), deletion("PROCESSED"));
    }

    @Produces
    @Singleton
    RetentionRule refused() {
        return new RetentionRule("refused HL7 messages", config.refused(), deletion("REJECTED"));
    }

    private static String deletion(String status) {
        return "delete from hl7_message where id in (select id from hl7_message where status = '" + status + "'"
                + OLDEST;
    }
}
