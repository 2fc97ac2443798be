package com.acme.session;

import fixtures.Scenario;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A timeout of an hour for each call, cancelled at once when the call answers; cancelled tasks stay in the queue until their time comes. */
public final class CancelledTimers implements Scenario {
    private static final CallTimeouts TIMEOUTS = new CallTimeouts();

    @Override
    public void run(Size size) {
        for (int i = 0; i < size.pick(15_000, 500_000); i++) {
            TIMEOUTS.guard(new Call("https://stock.acme.example/items/" + i, new byte[64])).cancel(false);
        }
    }
}

final class CallTimeouts {
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, r -> new Thread(r, "call-timeouts"));

    ScheduledFuture<?> guard(Call call) {
        return timer.schedule(call::abort, 1, TimeUnit.HOURS);
    }
}

final class Call {
    private final String url;
    private final byte[] answer;
    private boolean aborted;

    Call(String url, byte[] answer) {
        this.url = url;
        this.answer = answer;
    }

    void abort() {
        aborted = url.length() + answer.length > 0;
    }
}
