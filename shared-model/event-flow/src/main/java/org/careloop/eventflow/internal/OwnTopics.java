package org.careloop.eventflow.internal;

import static org.careloop.eventflow.EventFlowLog.LOG;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.careloop.eventcontracts.Topics;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.fhirstore.FhirStoreConfig;

/** The topics of this service: made when they are missing, and kept as long as the settings say. */
@Singleton
public class OwnTopics {

    /** The broker forgets whole segments: shorter ones, so that it forgets in time. */
    private static final Duration SEGMENT = Duration.ofDays(1);

    private final EventFlowConfig config;
    private final FhirStoreConfig store;
    private final KafkaClients kafka;

    OwnTopics(EventFlowConfig config, FhirStoreConfig store, KafkaClients kafka) {
        this.config = config;
        this.store = store;
        this.kafka = kafka;
    }

    /** Makes this service's topics, and aligns those that exist. Fails when they cannot be made. */
    public void prepare() throws InterruptedException {
        List<String> names = Stream.concat(
                        store.types().stream().map(type -> Topics.of(config.service(), type)),
                        Stream.of(Topics.deadLetters(config.service())))
                .toList();
        Set<String> existing = makeMissing(names);
        align(names.stream().filter(existing::contains).toList());
    }

    /** Makes those of {@code names} that do not exist, also of other services; returns the topics that did exist. */
    Set<String> makeMissing(Collection<String> names) throws InterruptedException {
        try (Admin admin = kafka.admin()) {
            Set<String> existing = admin.listTopics().names().get();
            List<NewTopic> missing = names.stream()
                    .filter(name -> !existing.contains(name))
                    .map(name ->
                            new NewTopic(name, config.partitions(), config.replicas()).configs(settingsOfNew(name)))
                    .toList();
            admin.createTopics(missing).all().get();
            return existing;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return Set.of();
            }
            throw new IllegalStateException(
                    "topics cannot be made: " + e.getCause().getClass().getSimpleName(), e);
        }
    }

    /** Alters only what differs. A broker that does not let us is no reason to tell no events. */
    private void align(Collection<String> names) throws InterruptedException {
        try (Admin admin = kafka.admin()) {
            List<ConfigResource> topics = names.stream()
                    .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                    .toList();
            Map<ConfigResource, Collection<AlterConfigOp>> changes =
                    admin.describeConfigs(topics).all().get().entrySet().stream()
                            .filter(topic -> differs(topic.getKey().name(), topic.getValue()))
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey,
                                    topic -> change(topic.getKey().name())));
            if (!changes.isEmpty()) {
                admin.incrementalAlterConfigs(changes).all().get();
                LOG.topicsAligned(changes.size());
            }
        } catch (ExecutionException e) {
            LOG.topicsNotAligned(Causes.nameOf(e));
        }
    }

    private boolean differs(String name, Config current) {
        return times(name).entrySet().stream()
                .anyMatch(time ->
                        !time.getValue().equals(current.get(time.getKey()).value()));
    }

    private Collection<AlterConfigOp> change(String name) {
        return times(name).entrySet().stream()
                .map(time -> new AlterConfigOp(new ConfigEntry(time.getKey(), time.getValue()), OpType.SET))
                .toList();
    }

    private Map<String, String> settingsOfNew(String name) {
        return Stream.concat(
                        times(name).entrySet().stream(),
                        Stream.of(Map.entry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(20 << 20))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Map<String, String> times(String name) {
        if (name.equals(Topics.auditSeals(config.service()))) {
            return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        }
        Duration kept = name.equals(Topics.deadLetters(config.service()))
                ? config.retention().deadLetters()
                : config.retention().topics();
        return Map.of(
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(kept.toMillis()),
                TopicConfig.SEGMENT_MS_CONFIG, Long.toString(SEGMENT.toMillis()));
    }
}
