package org.careloop.transitions;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Settings of the transitions service. */
@ConfigMapping(prefix = "careloop.transitions")
public interface TransitionsConfig {

    /** A folder of the site with rules and calendars that replace those of their names, see {@code docs/operations/rules.md}. */
    Optional<Path> rulesFolder();

    /** The profiles of known senders, by the name of their file in {@code sender-profiles}. */
    @WithDefault("ghadt-genhosp")
    List<String> senders();

    /** Where the patients service listens. */
    String patientsUrl();

    /** Time after which the patients service is given up on; the message waits and is tried again. */
    @WithDefault("10s")
    Duration patientsTimeout();

    /** Encounter classes (v3 ActCode) whose discharge opens a transition. */
    @WithDefault("IMP,ACUTE,NONAC,OBSENC,SS")
    Set<String> classes();

    /** Zone of the days of sites that no sender's profile tells of. */
    @WithDefault("America/New_York")
    ZoneId timeZone();

    /** How long after a discharge a client may record it and have it followed up; one before that is history. */
    @WithDefault("30d")
    Duration followUpWithin();

    /** Whether the senders tell every emergency visit, so that none told means none. */
    @WithDefault("true")
    boolean emergencyVisitsTold();

    /** Whether the procedures of a stay are told, so that none told means none. */
    @WithDefault("true")
    boolean proceduresTold();

    /** Longest pause before accepted messages are looked for when nobody hints at them. */
    @WithDefault("250ms")
    Duration pollInterval();

    /** Pause before a message is tried again that failed for a reason that passes; it grows up to 5 times this. */
    @WithDefault("2s")
    Duration retryDelay();

    /** Messages of different patients that take effect at the same time. */
    @WithDefault("4")
    int parallel();

    /** Longest pause before a clock that has run out is shown to have. */
    @WithDefault("30s")
    Duration clocksInterval();

    /** Pause before the reports of the months that are over are looked at again. */
    @WithDefault("1h")
    Duration measuresInterval();

    /** How long received messages are kept. */
    Retention retention();

    /** Times after which messages, or what they say, are removed; those that wait or failed never are. */
    interface Retention {

        /** How long the content of a message that took effect is kept. */
        @WithDefault("90d")
        Duration content();

        /** How long such a message is recognised when it is sent again; not less than {@link #content}. */
        @WithDefault("1095d")
        Duration processed();

        /** How long a refused message is kept, whole. */
        @WithDefault("180d")
        Duration refused();

        /** How long what names a stay waits for one that is not there, and a test that names none for that of its time. */
        @WithDefault("90d")
        Duration withoutStay();
    }

    /** What is asked of many stays at once. */
    Reviews reviews();

    /** How much one answer may be about; more is refused, never cut. */
    interface Reviews {

        /** Most discharges that the caller sees in a {@code $discharge-review}. */
        @WithDefault("500")
        int mostDischarges();

        /** Most stays in an {@code $avoidable-days-report}; up to 999, because more are not found at once. */
        @WithDefault("999")
        int mostStays();
    }

    /** The transition-of-care document of a discharge. */
    Document document();

    /** When such documents are made, and how the record is read for them. */
    interface Document {

        /** How long after a discharge was told its document is made: what is told with it, and the plan, are then there. */
        @WithDefault("1m")
        Duration delay();

        /** How long after a discharge its document is looked at again when a consent or the record changes; then it stands. */
        @WithDefault("45d")
        Duration lookAgainWithin();

        /** Pause between two looks for documents to be made. */
        @WithDefault("5s")
        Duration interval();

        /** Pause before one is tried again; it doubles with each attempt, up to 64 times this. */
        @WithDefault("30s")
        Duration retryDelay();

        /** Documents that are made at the same time. */
        @WithDefault("2")
        int parallel();

        /** Time after which a service that holds a part of the record is given up on. */
        @WithDefault("10s")
        Duration timeout();

        /** Most resources of one type and patient that are read; with more no document is made, and an operator is told. */
        @WithDefault("5000")
        int mostRead();
    }

    /** HL7 v2 over MLLP. */
    Mllp mllp();

    /** Settings of the MLLP listener. */
    interface Mllp {

        /** Whether to listen. */
        @WithDefault("true")
        boolean enabled();

        /** The address to listen on. */
        @WithDefault("0.0.0.0")
        String host();

        /** The port to listen on; 0 for a free one. */
        @WithDefault("2575")
        int port();

        /** Whether senders must speak TLS and show a certificate: those of {@code quarkus.tls.mllp}, without which there is no start. */
        @WithDefault("false")
        boolean tls();

        /** Largest message in bytes; a longer one closes the connection. */
        @WithDefault("10485760")
        int maxMessageSize();

        /** Time after which a connection without a message is closed. */
        @WithDefault("1h")
        Duration idleTimeout();
    }
}
