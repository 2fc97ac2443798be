package com.acme.score;

import fixtures.Scenario;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import java.util.concurrent.atomic.AtomicReference;

/** A persistent map of a library, in a reference of a singleton: the answer is that field, not a branch of the library's trie. */
public final class VavrMap implements Scenario {
    private static final ScoreBoard BOARD = new ScoreBoard();

    @Override
    public void run(Size size) {
        for (int i = 0; i < size.pick(15_000, 300_000); i++) {
            BOARD.played("player-" + i);
        }
    }
}

final class ScoreBoard {
    private final AtomicReference<Map<String, Score>> scores = new AtomicReference<>(HashMap.empty());

    void played(String player) {
        scores.updateAndGet(all -> all.put(player, new Score()));
    }
}

final class Score {
    private final long[] rounds = new long[50];
}
