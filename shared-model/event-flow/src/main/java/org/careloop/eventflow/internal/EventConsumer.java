package org.careloop.eventflow.internal;

import static org.careloop.eventflow.EventFlowLog.LOG;

import com.google.common.collect.Lists;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.VertxContextSupport;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.careloop.eventcontracts.CloudEventHeaders;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.Causes;
import org.careloop.eventflow.EventFlowConfig;

/**
 * Takes events in the order of their partition. An offset is committed after the effect; an event that fails for a reason
 * that passes waits, and those behind it; one that fails for good goes to the dead letters. A thread of its own, because
 * the loop waits.
 */
@Singleton
public class EventConsumer {

    private static final int MOST_DELAYS = 30;

    private final EventFlowConfig config;
    private final KafkaClients kafka;
    private final OwnTopics topics;
    private final EventDispatcher dispatcher;
    private final DeadLetterWriter deadLetters;
    private final Thread thread =
            Thread.ofPlatform().name("event-consumer").daemon().unstarted(this::run);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile boolean stopped;
    private volatile Optional<KafkaConsumer<String, byte[]>> polling = Optional.empty();

    EventConsumer(
            EventFlowConfig config,
            KafkaClients kafka,
            OwnTopics topics,
            EventDispatcher dispatcher,
            DeadLetterWriter deadLetters) {
        this.config = config;
        this.kafka = kafka;
        this.topics = topics;
        this.dispatcher = dispatcher;
        this.deadLetters = deadLetters;
    }

    void start(@Observes StartupEvent event) {
        if (!dispatcher.topics().isEmpty()) {
            thread.start();
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopped = true;
        stopping.countDown();
        polling.ifPresent(KafkaConsumer::wakeup);
        thread.join(TimeUnit.SECONDS.toMillis(10));
    }

    private void run() {
        while (!stopped) {
            try (KafkaConsumer<String, byte[]> consumer = kafka.consumer(config.service())) {
                polling = Optional.of(consumer);
                // A topic that is made after the subscription would be noticed late.
                topics.makeMissing(dispatcher.topics());
                consumer.subscribe(dispatcher.topics());
                Spacing spacing = new Spacing(config.spacing());
                while (!stopped) {
                    spacing.await();
                    for (List<ConsumerRecord<String, byte[]>> messages :
                            inParts(consumer.poll(Duration.ofSeconds(1)))) {
                        take(messages);
                        commit(consumer, messages);
                    }
                }
            } catch (InterruptedException | WakeupException e) {
                return;
            } catch (RuntimeException | Error e) {
                LOG.consumerInterrupted(config.service(), Causes.nameOf(e));
            } finally {
                polling = Optional.empty();
            }
            pause();
        }
    }

    private void pause() {
        try {
            stopped |= stopping.await(config.retryDelay().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stopped = true;
        }
    }

    /** Tells whether events are taken, or none are wanted. */
    boolean isAlive() {
        return dispatcher.topics().isEmpty() || thread.isAlive();
    }

    private List<List<ConsumerRecord<String, byte[]>>> inParts(ConsumerRecords<String, byte[]> polled) {
        List<ConsumerRecord<String, byte[]>> messages = new ArrayList<>();
        polled.forEach(messages::add);
        return Lists.partition(messages, config.together());
    }

    /** All in one transaction; when one of them fails, each in its own, so that it alone waits or becomes a dead letter. */
    private void take(List<ConsumerRecord<String, byte[]>> messages) throws InterruptedException {
        if (messages.size() > 1) {
            try {
                effect(messages);
                return;
            } catch (InterruptedException e) {
                throw e;
            } catch (Throwable failure) {
                LOG.eventsTakenSingly(messages.size(), Causes.nameOf(failure));
            }
        }
        for (ConsumerRecord<String, byte[]> message : messages) {
            take(message);
        }
    }

    private void take(ConsumerRecord<String, byte[]> message) throws InterruptedException {
        for (int attempt = 1; !stopped; attempt++) {
            try {
                effect(List.of(message));
                return;
            } catch (InterruptedException e) {
                throw e;
            } catch (Throwable failure) {
                boolean passes = Causes.passes(failure);
                if (!passes && (attempt >= config.attempts() || failure instanceof IllegalArgumentException)) {
                    deadLetters.write(message, Causes.nameOf(failure));
                    return;
                }
                LOG.eventWaits(idOf(message), Causes.nameOf(failure));
                Duration delay = config.retryDelay().multipliedBy(Math.min(attempt, MOST_DELAYS));
                if (stopping.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        }
        throw new InterruptedException("stopped");
    }

    private void effect(List<ConsumerRecord<String, byte[]>> messages) throws Throwable {
        List<EventDispatcher.Told> events = messages.stream()
                .map(message -> new EventDispatcher.Told(message.topic(), event(message)))
                .toList();
        VertxContextSupport.subscribeAndAwait(() -> dispatcher.dispatch(events));
    }

    static ResourceEvent event(ConsumerRecord<String, byte[]> message) {
        return CloudEventHeaders.read(
                name -> Optional.ofNullable(message.headers().lastHeader(name)).map(Header::value),
                message.key(),
                message.value());
    }

    private static String idOf(ConsumerRecord<String, byte[]> message) {
        Header id = message.headers().lastHeader(CloudEventHeaders.ID);
        return id == null ? message.topic() + "/" + message.offset() : new String(id.value(), StandardCharsets.UTF_8);
    }

    private static void commit(KafkaConsumer<String, byte[]> consumer, List<ConsumerRecord<String, byte[]>> messages) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        messages.forEach(message -> next.put(
                new TopicPartition(message.topic(), message.partition()), new OffsetAndMetadata(message.offset() + 1)));
        consumer.commitSync(next);
    }
}
