package com.acme.search;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import fixtures.Scenario;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A Guava cache without a maximum in a field of a Spring singleton: the holder is that field, not the container. */
public final class GuavaInSpring implements Scenario {
    private static AnnotationConfigApplicationContext context;

    @Override
    public void run(Size size) throws Exception {
        context = new AnnotationConfigApplicationContext(SearchConfig.class);
        SuggestionService suggestions = context.getBean(SuggestionService.class);
        for (int i = 0; i < size.pick(8_000, 150_000); i++) {
            suggestions.suggest("typed text " + i);
        }
    }
}

@Configuration
class SearchConfig {
    @Bean
    SuggestionService suggestionService() {
        return new SuggestionService();
    }
}

class SuggestionService {
    private final Cache<String, List<String>> suggestions = CacheBuilder.newBuilder().recordStats().build();

    void suggest(String typed) {
        List<String> found = suggestions.getIfPresent(typed);
        if (found == null) {
            found = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                found.add(typed + " " + i);
            }
            suggestions.put(typed, found);
        }
    }
}
