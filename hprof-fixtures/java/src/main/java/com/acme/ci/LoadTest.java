package com.acme.ci;

import fixtures.Rounds;
import fixtures.Scenario;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Two rounds of the same load, a dump after each. */
abstract class LoadTest implements Scenario, Rounds {
    private static JobService service;
    private int jobs;

    LoadTest(boolean mended) {
        service = new JobService(mended);
    }

    @Override
    public void run(Size size) {
        round(size);
    }

    @Override
    public void round(Size size) {
        int last = jobs + size.pick(4_000, 100_000);
        for (; jobs < last; jobs++) {
            service.submit("job-" + jobs);
            service.finish("job-" + jobs);
        }
    }
}

final class JobService {
    private final boolean mended;
    /** Finished jobs are to be removed from here. */
    private final Map<String, Job> running = new ConcurrentHashMap<>();
    /** A history with a limit: healthy. */
    private final ArrayDeque<String> history = new ArrayDeque<>();
    /** Loaded at the start, never changes: healthy. */
    private final Map<Integer, String> settings = new LinkedHashMap<>();

    JobService(boolean mended) {
        this.mended = mended;
        for (int i = 0; i < 1_000; i++) {
            settings.put(i, "setting " + i);
        }
    }

    void submit(String id) {
        running.put(id, new Job(id));
    }

    void finish(String id) {
        Job job = mended ? running.remove(id) : running.get(id);
        job.finished = true;
        history.add(id);
        if (history.size() > 1_000) {
            history.remove();
        }
    }
}

final class Job {
    final String id;
    final int[] progress = new int[100];
    boolean finished;

    Job(String id) {
        this.id = id;
    }
}
