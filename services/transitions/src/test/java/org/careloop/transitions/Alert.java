package org.careloop.transitions;

import java.util.UUID;

/** Notifications of a {@link Stay} as FHIR messages. */
final class Alert {

    private static final String MESSAGE = """
            {"resourceType": "Bundle", "type": "message", "timestamp": "%3$s", "entry": [
              {"fullUrl": "urn:uuid:header", "resource": {"resourceType": "MessageHeader", "id": "%5$s",
                "eventCoding": {"system": "http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event", "code": "%4$s"},
                "source": {"endpoint": "https://general-hospital.example.org"},
                "focus": [{"reference": "urn:uuid:stay"}]}},
              {"fullUrl": "urn:uuid:stay", "resource": {"resourceType": "Encounter", "status": "%6$s",
                "identifier": [{"system": "https://careloop.org/fhir/sid/general-hospital/visit", "value": "%2$s"}],
                "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
                "priority": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActPriority", "code": "EM"}]},
                "subject": {"reference": "urn:uuid:patient"},
                "participant": [{"individual": {"reference": "urn:uuid:doctor", "display": "Dr. Wei Chen"}}],
                "period": {"start": "2026-03-03T08:15:00-05:00"%7$s},
                "serviceProvider": {"reference": "urn:uuid:hospital"}}},
              {"fullUrl": "urn:uuid:patient", "resource": {"resourceType": "Patient",
                "identifier": [{"system": "https://careloop.org/fhir/sid/general-hospital/mrn", "value": "%1$s"}],
                "name": [{"family": "Rivera", "given": ["Rosa"]}], "birthDate": "1948-03-17"}},
              {"fullUrl": "urn:uuid:doctor", "resource": {"resourceType": "Practitioner",
                "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1457398765"}]}},
              {"fullUrl": "urn:uuid:hospital", "resource": {"resourceType": "Organization", "name": "General Hospital"}},
              {"fullUrl": "urn:uuid:failure", "resource": {"resourceType": "Condition",
                "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I50.23"}]},
                "subject": {"reference": "urn:uuid:patient"}, "encounter": {"reference": "urn:uuid:stay"}}}]}""";

    private Alert() {}

    /** What happened is told at {@code sent}; a discharge was at 15:00 on 7 March. */
    static String of(Stay stay, String event, String sent) {
        boolean discharge = event.equals("notification-discharge");
        return MESSAGE.formatted(
                stay.number(),
                stay.visit(),
                sent,
                event,
                UUID.randomUUID(),
                discharge ? "finished" : "in-progress",
                discharge ? """
                        , "end": "2026-03-07T15:00:00-05:00"}, "hospitalization": {"dischargeDisposition": {"coding": [
                          {"system": "http://terminology.hl7.org/CodeSystem/discharge-disposition", "code": "home"}]}""" : "");
    }
}
