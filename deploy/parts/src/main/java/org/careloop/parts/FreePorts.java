package org.careloop.parts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of 127.0.0.1 that nobody listens on. */
final class FreePorts {

    private static final int TRIES = 100;

    private FreePorts() {}

    /** Returns {@code wanted}, or a free port when {@code wanted} is 0. */
    static int one(int wanted) {
        return wanted != 0 ? wanted : anyWithFree(0);
    }

    /** Returns {@code wanted}, or a free port whose next one is free as well when {@code wanted} is 0. */
    static int pair(int wanted) {
        return wanted != 0 ? wanted : anyWithFree(1);
    }

    private static int anyWithFree(int following) {
        for (int i = 0; i < TRIES; i++) {
            try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int port = first.getLocalPort();
                if (following == 0 || isFree(port + following)) {
                    return port;
                }
            } catch (IOException e) {
                throw new PartFailure("no free port on 127.0.0.1", e);
            }
        }
        throw new PartFailure("no two free ports in a row on 127.0.0.1");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }
}
