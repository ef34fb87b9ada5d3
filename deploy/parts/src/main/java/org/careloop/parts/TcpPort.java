package org.careloop.parts;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Whether somebody listens; the cheap question before the real one. */
final class TcpPort {

    private static final int LIMIT_MILLIS = 500;

    private TcpPort() {}

    static boolean isOpen(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        int port = Integer.parseInt(hostAndPort.substring(colon + 1));
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(hostAndPort.substring(0, colon), port), LIMIT_MILLIS);
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
