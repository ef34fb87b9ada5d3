package org.careloop.transitions.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.careloop.transitions.Stay;
import org.junit.jupiter.api.Test;

/** Messages over MLLP of senders whose profiles list where they may come from: NEAR this machine, FAR another one. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class MllpPeersApiTest {

    private static final String MESSAGES = "/operations/hl7-messages";

    @Inject
    MllpListener listener;

    private final Stay stay = Stay.fresh();

    @Test
    void takesMessageOfListedPeerAndOfSenderWithoutList() throws IOException {
        // Given
        String near = stay.admission().replace("|GENHOSP|CARELOOP", "|NEAR|CARELOOP");
        String unlisted = Stay.fresh().admission();
        // When, Then
        assertThat(answer(near)).contains("\rMSA|AA|" + Stay.controlId(near));
        assertThat(answer(unlisted)).contains("\rMSA|AA|" + Stay.controlId(unlisted));
    }

    @Test
    void refusesMessageFromElsewhereAndKeepsItForAnOperator() throws IOException {
        // Given
        String far = stay.admission().replace("|GENHOSP|CARELOOP", "|FAR|CARELOOP");
        // When
        String answer = answer(far);
        // Then
        assertThat(answer)
                .contains("\rMSA|AR|" + Stay.controlId(far))
                .contains("\rERR||MSH^1^4^1|103^")
                .contains("MSH-4: comes from an address that this sender does not have"
                        + " (expected: one of the peers of its profile)");
        assertThat(kept(far)).containsEntry("status", "REJECTED").containsEntry("ackCode", "AR");
        // When
        Response replay =
                Fhir.as(Tokens.supervisor()).post(MESSAGES + "/" + kept(far).get("id") + "/replay");
        // Then
        assertThat(Fhir.problem(replay, ProblemCode.MESSAGE_REJECTED)).startsWith("MSH-4: comes from an address");
        assertThat(stay.isKnown()).isFalse();
    }

    @Test
    void peersAreOfMllpAlone() {
        // Given
        String far = stay.admission().replace("|GENHOSP|CARELOOP", "|FAR|CARELOOP");
        // When, Then
        stay.tell(far);
    }

    private static Map<String, Object> kept(String message) {
        List<Map<String, Object>> all = Fhir.as(Tokens.supervisor())
                .get(MESSAGES + "?status=REJECTED")
                .jsonPath()
                .getList("");
        return all.stream()
                .filter(each -> Stay.controlId(message).equals(each.get("controlId")))
                .findFirst()
                .orElseThrow();
    }

    private String answer(String message) throws IOException {
        try (Socket socket = new Socket("localhost", listener.port())) {
            socket.getOutputStream()
                    .write(MllpFraming.frame(message.getBytes(StandardCharsets.UTF_8))
                            .getBytes());
            return MllpApiTest.answer(socket);
        }
    }
}
