package org.careloop.transitions.hl7;

/** HL7 table 0008, original mode: what MSA-1 says. */
public enum AckCode {
    /** Taken. */
    AA,
    /** The content has an error: the sender corrects the message and sends it again. */
    AE,
    /** Not for us: unknown sender, type, event, version; sending it again does not help. */
    AR
}
