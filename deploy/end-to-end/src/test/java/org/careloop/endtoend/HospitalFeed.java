package org.careloop.endtoend;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.app.Connection;
import ca.uhn.hl7v2.llp.LLPException;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.parser.GenericModelClassFactory;
import ca.uhn.hl7v2.util.Terser;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A hospital that sends the stays of its patients by HAPI's own MLLP client, on several connections: each stay is admitted, moved,
 * expected to end and discharged. What is not acknowledged is sent again, on a new connection, as HL7 v2 senders do.
 */
final class HospitalFeed {

    /** Of each stay. */
    static final List<String> EVENTS = List.of("A01", "A02", "A08", "A03");

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx").withZone(ZoneOffset.UTC);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration OUTAGE = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final int port;
    private final String mark;
    private final int stays;
    private final Instant admitted = Instant.now().minus(Duration.ofDays(3)).truncatedTo(ChronoUnit.SECONDS);
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger again = new AtomicInteger();

    /** A feed of {@code stays} stays, whose numbers have {@code mark} in them. */
    HospitalFeed(int port, String mark, int stays) {
        this.port = port;
        this.mark = mark;
        this.stays = stays;
    }

    /** The visit number of a stay. */
    String visit(int stay) {
        return "V" + mark + "N" + stay;
    }

    /** The number of a patient at the hospital. */
    String patient(int stay) {
        return "MRN" + mark + "N" + stay;
    }

    /** When the stays were discharged. */
    Instant discharged() {
        return admitted.plus(Duration.ofDays(2));
    }

    /** How many messages were accepted so far. */
    int acknowledged() {
        return acknowledged.get();
    }

    /** How many had to be sent again because their acknowledgement did not come. */
    int sentAgain() {
        return again.get();
    }

    /** Begins to send on {@code connections} connections; each of the results completes when its share is acknowledged. */
    List<Future<?>> send(int connections) {
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
        List<Future<?>> shares = new ArrayList<>();
        IntStream.range(0, connections).forEach(share -> shares.add(senders.submit(() -> send(share, connections))));
        senders.shutdown();
        return shares;
    }

    private Void send(int share, int of) throws HL7Exception, InterruptedException, IOException {
        try (HapiContext context = new DefaultHapiContext(new GenericModelClassFactory())) {
            // Its own, because closing a context ends the one that all share.
            context.setExecutorService(Executors.newCachedThreadPool());
            Line line = new Line(context);
            for (String event : EVENTS) {
                for (int stay = share; stay < stays; stay += of) {
                    line.deliver(message(stay, event));
                }
            }
            line.close();
            return null;
        }
    }

    private final class Line {

        private final HapiContext context;
        private Connection connection;

        Line(HapiContext context) {
            this.context = context;
        }

        void deliver(String text) throws HL7Exception, InterruptedException {
            Told.request("mllp", text);
            Message message = context.getGenericParser().parse(text);
            Exception last = null;
            for (Instant end = Instant.now().plus(OUTAGE); Instant.now().isBefore(end); ) {
                try {
                    Message answer = connection().getInitiator().sendAndReceive(message);
                    String code = new Terser(answer).get("/MSA-1");
                    if (code.equals("AA")) {
                        acknowledged.incrementAndGet();
                        return;
                    }
                    if (!"207".equals(new Terser(answer).get("/ERR-3-1"))) {
                        throw new IllegalStateException(
                                "refused: " + answer.encode().replace('\r', '\n'));
                    }
                } catch (LLPException | IOException | HL7Exception broken) {
                    last = broken;
                    close();
                }
                again.incrementAndGet();
                Thread.sleep(PAUSE);
            }
            throw new IllegalStateException("nobody took a message for " + OUTAGE, last);
        }

        private Connection connection() throws HL7Exception {
            if (connection == null || !connection.isOpen()) {
                connection = context.newClient("127.0.0.1", port, false);
                connection.getInitiator().setTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
            return connection;
        }

        void close() {
            if (connection != null) {
                try {
                    connection.close();
                } catch (IOException gone) {
                    // The other end was killed: that is what the next connection is for.
                }
                connection = null;
            }
        }
    }

    /** The text of a message. */
    String message(int stay, String event) {
        Instant at = switch (event) {
            case "A01" -> admitted;
            case "A02" -> admitted.plus(Duration.ofDays(1));
            case "A08" -> admitted.plus(Duration.ofHours(30));
            default -> discharged();
        };
        String bed = event.equals("A01") ? "ED^1^A" : "4E^412^B";
        String time = STAMP.format(at);
        return "MSH|^~\\&|GHADT|GENHOSP|CARELOOP|CARELOOP|" + time + "||ADT^" + event + "|" + event + mark + "N" + stay
                + "|P|2.5.1|||AL|NE||UNICODE UTF-8\rEVN|" + event + "|" + time + "||||" + time + "\rPID|1||"
                + patient(stay) + "^^^GENHOSP^MR||Feed" + mark + stay
                + "^Ann||19500101|F|||1 Main St^^Springfield^MA^01103"
                + "\rPV1|1|I|" + bed + "^GENHOSP|E||||||MED|||||||||" + visit(stay) + "^^^GENHOSP^VN"
                + "|||||||||||||||||" + (event.equals("A03") ? "01" : "") + "||||||||" + STAMP.format(admitted) + "|"
                + (event.equals("A03") ? time : "")
                + "\rPV2||||||||" + STAMP.format(admitted) + "|"
                + (event.equals("A01") ? "" : STAMP.format(discharged()))
                + "\rDG1|1||I50.23^Acute on chronic systolic (congestive) heart failure^I10|||A|||||||||1\r";
    }
}
