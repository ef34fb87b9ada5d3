package org.careloop.parts;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A JVM that starts one program, tells its process id, and waits to be killed. */
final class SleeperParent {

    private SleeperParent() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path folder = Path.of(arguments[1]);
        Program sleep =
                new Program("sleep", List.of("sleep", "60"), Map.of(), folder, folder.resolve("log"), StopSignal.TERM);
        RunningProgram program = RunningProgram.start(sleep, Lifetime.valueOf(arguments[0]));
        System.out.println(program.process().pid());
        new CountDownLatch(1).await();
    }
}
