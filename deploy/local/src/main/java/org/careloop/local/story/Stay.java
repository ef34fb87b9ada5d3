package org.careloop.local.story;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * One stay at General Hospital and the messages that tell of it. Each stay is of a person of its own, so that the story can
 * be played again on the same platform.
 */
public final class Stay {

    /** The system of the hospital's medical record numbers. */
    public static final String MRN_SYSTEM = "https://careloop.org/fhir/sid/general-hospital/mrn";

    /** The system of the hospital's visit numbers. */
    public static final String VISIT_SYSTEM = "https://careloop.org/fhir/sid/general-hospital/visit";

    private static final ZoneId SITE = ZoneId.of("America/New_York");
    private static final DateTimeFormatter HL7 = DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx");
    private static final int DAYS = 6;

    private final String number;
    private final ZonedDateTime admitted;
    private final ZonedDateTime discharged;

    private Stay(String number, ZonedDateTime discharged) {
        this.number = number;
        this.discharged = discharged;
        this.admitted = discharged.minusDays(DAYS);
    }

    /** A stay of six days that ends {@code now}, with numbers that no other has. */
    public static Stay endingAt(Instant now) {
        String number = Long.toString(now.toEpochMilli(), 36).toUpperCase(Locale.ROOT);
        return new Stay(number, now.atZone(SITE).truncatedTo(ChronoUnit.SECONDS));
    }

    /** A time before the discharge was told: what a partner takes as its last poll. */
    public String startOfPolling() {
        return discharged.toInstant().minus(1, ChronoUnit.MINUTES).toString();
    }

    /** The medical record number. */
    public String mrn() {
        return "MRN" + number;
    }

    /** The visit number; also the beginning of the control ids. */
    public String visit() {
        return "V" + number;
    }

    /** The ADT^A01. */
    public String admission() {
        return message("a01");
    }

    /** The ADT^A03, home with home health. */
    public String discharge() {
        return message("a03");
    }

    private String message(String name) {
        try (InputStream template = Stay.class.getResourceAsStream("/story/" + name + ".hl7")) {
            return new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("{mrn}", mrn())
                    .replace("{stay}", visit())
                    .replace("{admitted}", HL7.format(admitted))
                    .replace("{discharged}", HL7.format(discharged))
                    .replace('\n', '\r');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
