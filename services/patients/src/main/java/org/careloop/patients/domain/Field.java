package org.careloop.patients.domain;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What of two Patients is compared. */
public enum Field {
    @JsonProperty("family")
    FAMILY,
    @JsonProperty("given")
    GIVEN,
    @JsonProperty("birth-date")
    BIRTH_DATE,
    @JsonProperty("gender")
    GENDER,
    @JsonProperty("phone")
    PHONE,
    @JsonProperty("email")
    EMAIL,
    @JsonProperty("address")
    ADDRESS,
    @JsonProperty("identifier")
    IDENTIFIER,
    @JsonProperty("multiple-birth")
    MULTIPLE_BIRTH,
    @JsonProperty("deceased")
    DECEASED
}
