package com.acme.shop;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import fixtures.Scenario;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A service with a bounded cache that is full and a connection pool at rest. Nothing is to blame. */
public final class HealthyCaches implements Scenario {
    private static ArticleService articles;

    @Override
    public void run(Size size) throws Exception {
        articles = new ArticleService(size.pick(1_000, 50_000));
        for (int i = 0; i < size.pick(4_000, 120_000); i++) {
            articles.text(i);
        }
    }
}

final class ArticleService {
    private final HikariDataSource source;
    private final Cache<Integer, String> texts;

    ArticleService(int limit) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:articles;DB_CLOSE_DELAY=-1");
        config.setMaximumPoolSize(4);
        config.setPoolName("articles");
        source = new HikariDataSource(config);
        texts = Caffeine.newBuilder().maximumSize(limit).executor(Runnable::run).build();
    }

    String text(int id) {
        return texts.get(id, this::load);
    }

    private String load(int id) {
        try (Connection c = source.getConnection(); PreparedStatement q = c.prepareStatement("select 'article number ' || ?")) {
            q.setInt(1, id);
            try (ResultSet r = q.executeQuery()) {
                r.next();
                return r.getString(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
