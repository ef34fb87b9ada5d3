package org.careloop.eventflow.internal;

import static org.careloop.eventflow.EventFlowLog.LOG;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.careloop.audittrail.AuditConfig;
import org.careloop.audittrail.AuditHead;
import org.careloop.audittrail.AuditSealing;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.eventflow.LeaderLoop;

/** Seals new rows of the audit trail into its chain and tells the head to the broker. */
@Singleton
public class AuditSealLoop implements LeaderLoop.Owner {

    private final AuditConfig config;
    private final SealHeads heads;
    private final LeaderLoop loop;

    AuditSealLoop(AuditConfig config, EventFlowConfig events, DataSource database, SealHeads heads) {
        this.config = config;
        this.heads = heads;
        this.loop = new LeaderLoop(
                "audit-seal", database, config.sealInterval(), events.retryDelay(), connection -> new Sealing());
    }

    @Override
    public LeaderLoop loop() {
        return loop;
    }

    private final class Sealing implements LeaderLoop.Work {

        private final AuditSealing sealing = new AuditSealing(config.sealedTogether());
        private Optional<KafkaProducer<String, byte[]>> producer = Optional.empty();
        private Optional<AuditHead> untold = Optional.empty();

        /** Links are added without the broker too; the next head that it takes covers them. */
        @Override
        public boolean round(Connection connection) throws SQLException, InterruptedException {
            untold = sealing.round(connection).or(() -> untold);
            if (untold.isPresent()) {
                try {
                    tell(untold.get());
                    untold = Optional.empty();
                } catch (ExecutionException | RuntimeException e) {
                    LOG.headNotTold(Causes.nameOf(e));
                }
            }
            return false;
        }

        private void tell(AuditHead head) throws InterruptedException, ExecutionException {
            if (producer.isEmpty()) {
                producer = Optional.of(heads.producer());
            }
            heads.tell(producer.get(), head);
        }

        @Override
        public void close() {
            producer.ifPresent(KafkaProducer::close);
        }
    }
}
