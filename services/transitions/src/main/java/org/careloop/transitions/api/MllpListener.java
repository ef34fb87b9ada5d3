package org.careloop.transitions.api;

import static org.careloop.transitions.TransitionsLog.LOG;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.careloop.audittrail.AuditRow;
import org.careloop.audittrail.AuditTrail;
import org.careloop.audittrail.AuditedInteraction;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.app.ReceiveTransmission;
import org.careloop.transitions.store.Hl7MessageRecord.Source;

/**
 * HL7 v2 over MLLP: any number of connections, on each one message after the other, each acknowledged before the next is
 * read.
 */
@Singleton
public class MllpListener {

    private static final AuditedInteraction TAKEN =
            new AuditedInteraction("operation", Optional.empty(), Optional.of("/mllp"));
    private static final int OK = 200;
    private static final String TLS = "mllp";

    private final Vertx vertx;
    private final TransitionsConfig.Mllp config;
    private final ReceiveTransmission receiveTransmission;
    private final AuditTrail trail;
    private final TlsConfigurationRegistry certificates;
    private Optional<NetServer> server = Optional.empty();

    MllpListener(
            Vertx vertx,
            TransitionsConfig config,
            ReceiveTransmission receiveTransmission,
            AuditTrail trail,
            TlsConfigurationRegistry certificates) {
        this.vertx = vertx;
        this.config = config.mllp();
        this.receiveTransmission = receiveTransmission;
        this.trail = trail;
        this.certificates = certificates;
    }

    void start(@Observes StartupEvent event) throws Exception {
        if (config.enabled()) {
            NetServer listening = vertx.createNetServer(options()).connectHandler(this::connected);
            server = Optional.of(
                    listening.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS));
            LOG.listening(port());
        }
    }

    private NetServerOptions options() {
        NetServerOptions options = new NetServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setTcpKeepAlive(true)
                .setIdleTimeout((int) config.idleTimeout().toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        if (config.tls()) {
            TlsConfigUtils.configure(
                    options,
                    certificates
                            .get(TLS)
                            .orElseThrow(() ->
                                    new IllegalStateException("careloop.transitions.mllp.tls: no quarkus.tls." + TLS
                                            + " (expected: its certificate, and the authority of the senders')")));
            options.setSsl(true).setClientAuth(ClientAuth.REQUIRED);
        }
        return options;
    }

    void stop(@Observes ShutdownEvent event) {
        server.ifPresent(NetServer::close);
    }

    /** The port that it listens on. */
    int port() {
        return server.map(NetServer::actualPort).orElse(0);
    }

    private void connected(NetSocket socket) {
        MllpFraming framing = new MllpFraming(config.maxMessageSize());
        // Asked for now: a connection that was closed meanwhile does not tell it any more.
        Source source = Source.mllp(Optional.ofNullable(socket.remoteAddress()).map(SocketAddress::hostAddress));
        socket.exceptionHandler(
                failure -> LOG.connectionClosed(failure.getClass().getSimpleName()));
        socket.handler(bytes -> {
            MllpFraming.Taken taken = framing.take(bytes);
            socket.pause();
            answer(socket, source, taken.messages().iterator(), taken.fault());
        });
    }

    /** Each message in a context of its own: a database session belongs to one. What came before a fault is answered. */
    private void answer(NetSocket socket, Source source, Iterator<byte[]> messages, Optional<String> fault) {
        if (!messages.hasNext()) {
            fault.ifPresentOrElse(reason -> close(socket, reason), socket::resume);
            return;
        }
        Context context = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
        VertxContextSafetyToggle.setContextSafe(context, true);
        byte[] message = messages.next();
        context.runOnContext(ignored -> Uni.createFrom()
                .deferred(() -> receiveTransmission.handle(message, source))
                // Without its row there is no acknowledgement either: the sender sends again.
                .call(answer -> trail.record(taken(source, answer.accepted())))
                .subscribe()
                .with(
                        answer -> socket.write(MllpFraming.frame(answer.acknowledgement()))
                                .onComplete(written -> answer(socket, source, messages, fault)),
                        failure -> close(socket, failure.getClass().getSimpleName())));
    }

    private static AuditRow taken(Source source, boolean accepted) {
        AuditedRequest request = AuditedRequest.begin(Optional.empty());
        source.peer().ifPresent(request::from);
        return request.answered(TAKEN, Optional.empty(), accepted ? OK : ProblemCode.MESSAGE_REJECTED.status());
    }

    private static void close(NetSocket socket, String reason) {
        LOG.connectionClosed(reason);
        socket.close();
    }
}
