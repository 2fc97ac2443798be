package com.acme.db;

import com.alibaba.druid.pool.DruidDataSource;
import fixtures.Scenario;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** SQL with its values in the text and long IN lists: Druid's statistics keep a text and an entry for each of them. */
public final class DruidSql implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        StockDao dao = new StockDao(size.pick(500, 5_000));
        for (int i = 0; i < size.pick(500, 5_000); i++) {
            dao.count(i, size.pick(300, 1_500));
        }
    }
}

final class StockDao {
    static DruidDataSource source;

    StockDao(int statements) throws SQLException {
        source = new DruidDataSource();
        source.setUrl("jdbc:h2:mem:stock;DB_CLOSE_DELAY=-1");
        source.setUsername("stock");
        source.setPassword("pa55word");
        source.setFilters("stat");
        source.setMaxActive(4);
        source.setConnectionProperties("druid.stat.sql.MaxSize=" + statements);
        source.init();
        try (Connection c = source.getConnection(); Statement s = c.createStatement()) {
            s.execute("create table stock(item int primary key, amount int)");
        }
    }

    int count(int first, int items) throws SQLException {
        StringBuilder sql = new StringBuilder("select count(*) from stock where item in (").append(first);
        for (int i = 1; i < items; i++) {
            sql.append(", ").append(first + i);
        }
        try (Connection c = source.getConnection(); Statement s = c.createStatement(); ResultSet r = s.executeQuery(sql.append(')').toString())) {
            r.next();
            return r.getInt(1);
        }
    }
}
