package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.careloop.local.story.StoryPlatform.Answer;
import org.junit.jupiter.api.Test;

/** Includes that lead on from service to service, and what is shown of the resources that they bring. */
class IncludesAcrossServicesIT extends AdaAndBen {

    @Test
    void includesOfAllThatIterateGoOnFromWhatTheyIncluded() {
        // Given
        String ofTask = provenanceOf("Task/task-" + mark);
        // When
        JsonNode bundle = users.get(EHR, "Provenance?_id=" + ofTask + "&_include:iterate=*")
                .json();
        // Then
        assertThat(found(bundle))
                .containsExactlyInAnyOrder(
                        "Provenance/" + ofTask,
                        "Task/task-" + mark,
                        "ServiceRequest/sr-" + mark,
                        "Patient/ada-" + mark,
                        "Organization/org-" + mark,
                        "Organization/riverside-clinic");
    }

    @Test
    void includesThatIterateEndInCyclesAndRefuseToGoTooDeep() {
        // Given
        put("""
                {"resourceType":"Organization","id":"a-%1$s","name":"A"}""");
        put("""
                {"resourceType":"Organization","id":"b-%1$s","name":"B","partOf":{"reference":"Organization/a-%1$s"}}""");
        put("""
                {"resourceType":"Organization","id":"a-%1$s","name":"A","partOf":{"reference":"Organization/b-%1$s"}}""");
        put("""
                {"resourceType":"Location","id":"l-12-%1$s","name":"L"}""");
        for (int i = 11; i >= 0; i--) {
            put("""
                    {"resourceType":"Location","id":"l-N-%1$s","name":"L","partOf":{"reference":"Location/l-M-%1$s"}}""".replace("N", Integer.toString(i)).replace("M", Integer.toString(i + 1)));
        }
        // When
        JsonNode cycle = users.get(EHR, "Organization?_id=a-%s&_include:iterate=Organization:partof".formatted(mark))
                .json();
        Answer deep = users.get(EHR, "Location?_id=l-0-%s&_include:iterate=Location:partof".formatted(mark));
        // Then
        assertThat(found(cycle)).containsExactly("Organization/a-" + mark, "Organization/b-" + mark);
        assertThat(deep.status()).isEqualTo(422);
        assertThat(deep.text()).contains("iterates too deep");
    }

    @Test
    void partsOfIncludedResourcesAreShownToo() {
        // When
        JsonNode bundle = users.get(
                        EHR,
                        "Task?_id=task-%s&_include=Task:patient&_elements=Task.status,Patient.gender".formatted(mark))
                .json();
        // Then
        assertThat(bundle.findValues("gender")).hasSize(1);
        assertThat(bundle.findValues("family")).isEmpty();
    }
}
