package org.careloop.transitions.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.careloop.testkit.RealParts;
import org.careloop.transitions.Stay;
import org.careloop.transitions.TransitionsConfig;
import org.junit.jupiter.api.Test;

/** HL7 v2 over MLLP, with real connections. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class MllpApiTest {

    private static final int PATIENCE_MILLIS = 20_000;

    @Inject
    MllpListener listener;

    @Inject
    TransitionsConfig config;

    private final Stay stay = Stay.fresh();

    @Test
    void acknowledgesMessage() throws IOException {
        // Given
        String admission = stay.admission();
        try (Socket socket = connect()) {
            // When
            socket.getOutputStream().write(framed(admission));
            // Then
            assertThat(answer(socket)).contains("\rMSA|AA|" + Stay.controlId(admission) + "|\r");
        }
        Stay.soon().until(stay::isKnown);
    }

    @Test
    void acknowledgesTwoMessagesOfOnePacketInOrder() throws IOException {
        // Given
        String admission = stay.admission();
        String discharge = stay.discharge();
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.writeBytes(framed(admission));
        packet.writeBytes(framed(discharge));
        try (Socket socket = connect()) {
            // When
            socket.getOutputStream().write(packet.toByteArray());
            // Then
            assertThat(answer(socket)).contains("\rMSA|AA|" + Stay.controlId(admission));
            assertThat(answer(socket)).contains("\rMSA|AA|" + Stay.controlId(discharge));
        }
    }

    @Test
    void answersEachMessageOfABatch() throws IOException {
        // Given
        String admission = stay.admission();
        String unknown = stay.discharge().replace("|GENHOSP|CARELOOP", "|ELSEWHERE|CARELOOP");
        try (Socket socket = connect()) {
            // When
            socket.getOutputStream().write(framed("BHS|^~\\&|GHADT|GENHOSP\r" + admission + unknown + "BTS|2\r"));
            // Then
            assertThat(answer(socket))
                    .startsWith("BHS|")
                    .contains("\rMSA|AA|" + Stay.controlId(admission))
                    .contains("\rMSA|AR|" + Stay.controlId(unknown))
                    .endsWith("BTS|2\r");
            // When some were lost
            socket.getOutputStream().write(framed("BHS|^~\\&|GHADT|GENHOSP\r" + stay.discharge() + "BTS|2\r"));
            // Then
            assertThat(answer(socket)).contains("\rMSA|AE|").contains("ERR");
        }
        Stay.soon().until(stay::isKnown);
        assertThat(stay.status()).isEqualTo("in-progress");
    }

    @Test
    void takesMessageInSingleBytes() throws IOException {
        // Given
        String admission = stay.admission();
        try (Socket socket = connect()) {
            socket.setTcpNoDelay(true);
            // When
            for (byte each : framed(admission)) {
                socket.getOutputStream().write(each);
            }
            // Then
            assertThat(answer(socket)).contains("\rMSA|AA|" + Stay.controlId(admission));
        }
    }

    @Test
    void servesConnectionsSideBySide() throws IOException {
        // Given
        List<String> messages =
                Stream.generate(() -> Stay.fresh().admission()).limit(4).toList();
        try (Socket silent = connect();
                Socket one = connect();
                Socket other = connect()) {
            silent.getOutputStream().write(0x0B);
            // When
            one.getOutputStream().write(framed(messages.get(0)));
            other.getOutputStream().write(framed(messages.get(1)));
            other.getOutputStream().write(framed(messages.get(2)));
            one.getOutputStream().write(framed(messages.get(3)));
            // Then
            assertThat(answer(one)).contains("\rMSA|AA|" + Stay.controlId(messages.get(0)));
            assertThat(answer(one)).contains("\rMSA|AA|" + Stay.controlId(messages.get(3)));
            assertThat(answer(other)).contains("\rMSA|AA|" + Stay.controlId(messages.get(1)));
            assertThat(answer(other)).contains("\rMSA|AA|" + Stay.controlId(messages.get(2)));
        }
    }

    @Test
    void namesFieldOfIncompleteMessageAndGoesOn() throws IOException {
        // Given
        String withoutVisit = stay.admission().replace(stay.visit() + "^^^GENHOSP^VN", "");
        String unknown = stay.admission().replace("|GENHOSP|CARELOOP", "|ELSEWHERE|CARELOOP");
        String valid = stay.admission();
        try (Socket socket = connect()) {
            // When
            socket.getOutputStream().write(framed(withoutVisit));
            socket.getOutputStream().write(framed(unknown));
            socket.getOutputStream().write(framed(valid));
            // Then
            assertThat(answer(socket))
                    .contains("\rMSA|AE|" + Stay.controlId(withoutVisit))
                    .contains("\rERR||PV1^1^19^1|101^");
            assertThat(answer(socket))
                    .contains("\rMSA|AR|" + Stay.controlId(unknown))
                    .contains("\rERR||MSH^1^");
            assertThat(answer(socket)).contains("\rMSA|AA|" + Stay.controlId(valid));
        }
    }

    @Test
    void messageThatIsRepeatedByHttpHasOneEffect() throws IOException {
        // Given
        String admission = stay.admission();
        try (Socket socket = connect()) {
            socket.getOutputStream().write(framed(admission));
            assertThat(answer(socket)).contains("\rMSA|AA|" + Stay.controlId(admission));
            stay.awaitStatus("in-progress");
            // When
            stay.tell(admission.replace("4E^412^B", "5W^101^A"));
            socket.getOutputStream().write(framed(admission.replace("4E^412^B", "6N^101^A")));
            // Then
            assertThat(answer(socket)).contains("\rMSA|AA|" + Stay.controlId(admission));
        }
        Stay last = stay.next();
        last.tell(last.admission());
        last.awaitStatus("in-progress");
        assertThat(stay.encounter().getMeta().getVersionId()).isEqualTo("1");
    }

    @Test
    void closesConnectionThatBreaksFraming() throws IOException {
        try (Socket socket = connect()) {
            // When
            socket.getOutputStream().write("MSH without a block".getBytes(StandardCharsets.US_ASCII));
            // Then
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void acknowledgesMessageBeforeBrokenFraming() throws IOException {
        // Given
        String admission = stay.admission();
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.writeBytes(framed(admission));
        packet.writeBytes("stray".getBytes(StandardCharsets.US_ASCII));
        try (Socket socket = connect()) {
            // When
            socket.getOutputStream().write(packet.toByteArray());
            // Then
            assertThat(answer(socket)).contains("\rMSA|AA|" + Stay.controlId(admission));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void closesConnectionOfEndlessMessage() throws IOException {
        byte[] piece = new byte[64 * 1024];
        Arrays.fill(piece, (byte) 'A');
        try (Socket socket = connect()) {
            // When
            socket.getOutputStream().write(0x0B);
            int closedAfter = 0;
            try {
                while (closedAfter <= 4 * config.mllp().maxMessageSize()) {
                    socket.getOutputStream().write(piece);
                    closedAfter += piece.length;
                }
            } catch (IOException closed) {
                // Then
                assertThat(closedAfter).isGreaterThanOrEqualTo(config.mllp().maxMessageSize() - piece.length);
                return;
            }
            throw new AssertionError("the connection took " + closedAfter + " bytes");
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("localhost", listener.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    static byte[] framed(String message) {
        return MllpFraming.frame(message.getBytes(StandardCharsets.UTF_8)).getBytes();
    }

    /** Reads one framed answer. */
    static String answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        assertThat(in.read()).isEqualTo(0x0B);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        int next = in.read();
        while (next != 0x1C) {
            assertThat(next).as("connection closed inside an answer").isNotEqualTo(-1);
            content.write(next);
            next = in.read();
        }
        assertThat(in.read()).isEqualTo(0x0D);
        return content.toString(StandardCharsets.UTF_8);
    }
}
