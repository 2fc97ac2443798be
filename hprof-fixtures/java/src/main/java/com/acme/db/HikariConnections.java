package com.acme.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import fixtures.Scenario;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Connections are taken from the pool and never given back, each with an open statement and its rows, until the pool is empty. */
public final class HikariConnections implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        OrderDao dao = new OrderDao();
        dao.create(size.pick(1_500, 20_000));
        int sum = 0;
        for (int i = 0; i < 20; i++) {
            sum += dao.firstOrder(i);
        }
        try {
            dao.firstOrder(sum);
            throw new IllegalStateException("the pool should be empty");
        } catch (SQLException e) {
            if (!String.valueOf(e.getMessage()).contains("request timed out")) {
                throw e;
            }
        }
    }
}

final class OrderDao {
    static final HikariDataSource POOL = pool();

    private static HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1");
        config.setUsername("shop");
        config.setPassword("pa55word");
        config.setMaximumPoolSize(20);
        config.setConnectionTimeout(500);
        config.setPoolName("orders-pool");
        return new HikariDataSource(config);
    }

    void create(int orders) throws SQLException {
        try (Connection c = POOL.getConnection(); PreparedStatement table = c.prepareStatement("create table orders(id int primary key, note varchar)")) {
            table.execute();
            try (PreparedStatement insert = c.prepareStatement("insert into orders select x, 'order number ' || x from system_range(1, " + orders + ")")) {
                insert.execute();
            }
        }
    }

    int firstOrder(int customer) throws SQLException {
        Connection connection = POOL.getConnection();
        PreparedStatement query = connection.prepareStatement("select id, upper(note) || ? from orders order by 2");
        query.setString(1, " of customer " + customer);
        ResultSet rows = query.executeQuery();
        return rows.next() ? rows.getInt(1) : -1; // and no close(), of nothing
    }
}
