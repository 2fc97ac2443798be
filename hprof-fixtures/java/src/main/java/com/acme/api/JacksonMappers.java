package com.acme.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import fixtures.Scenario;
import java.io.IOException;

/** An ObjectMapper for each answer, with caches that are filled once and thrown away: no leak, but much work and much garbage. */
public final class JacksonMappers implements Scenario {
    /** Seen from outside, so that the optimizer must really make what is put here. */
    static volatile Object last;

    @Override
    public void run(Size size) throws Exception {
        System.gc();
        Thread.sleep(200);
        AnswerWriter writer = new AnswerWriter();
        for (int i = 0; i < size.pick(400, 4_000); i++) {
            last = writer.write(new Answer(i, "answer " + i));
        }
        last = null;
    }
}

final class AnswerWriter {
    String write(Answer answer) throws IOException {
        return new ObjectMapper().writeValueAsString(answer);
    }
}

final class Answer {
    public final int id;
    public final String text;

    Answer(int id, String text) {
        this.id = id;
        this.text = text;
    }
}
