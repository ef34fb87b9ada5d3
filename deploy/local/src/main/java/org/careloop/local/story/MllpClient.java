package org.careloop.local.story;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A hospital's MLLP connection: one message, its acknowledgement. */
final class MllpClient {

    private static final int START = 0x0B;
    private static final int END = 0x1C;
    private static final int LIMIT_MILLIS = 30_000;

    private MllpClient() {}

    /** Sends {@code message} to localhost and returns the acknowledgement, both without the frame. */
    static String send(int port, String message) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("localhost", port), LIMIT_MILLIS);
            socket.setSoTimeout(LIMIT_MILLIS);
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            frame.write(START);
            frame.writeBytes(message.getBytes(StandardCharsets.UTF_8));
            frame.write(END);
            frame.write('\r');
            socket.getOutputStream().write(frame.toByteArray());
            return receive(socket.getInputStream());
        } catch (IOException e) {
            throw new StoryFailure("no acknowledgement over MLLP on port " + port, e);
        }
    }

    private static String receive(InputStream in) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (int next = in.read(); next != END; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection was closed before the acknowledgement ended");
            }
            if (next != START) {
                message.write(next);
            }
        }
        return message.toString(StandardCharsets.UTF_8);
    }
}
