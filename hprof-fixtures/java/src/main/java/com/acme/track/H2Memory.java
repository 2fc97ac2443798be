package com.acme.track;

import fixtures.Scenario;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;

/** An H2 database in memory that stays when its last connection is closed, with a row for each event. */
public final class H2Memory implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:track;DB_CLOSE_DELAY=-1")) {
            connection.createStatement().execute("create table event(id bigint primary key, parcel varchar, note varchar)");
            try (PreparedStatement insert = connection.prepareStatement("insert into event values(?, ?, ?)")) {
                for (int i = 0; i < size.pick(40_000, 600_000); i++) {
                    insert.setLong(1, i);
                    insert.setString(2, "P" + i % 900);
                    insert.setString(3, "scanned at hub number " + i % 77 + " and forwarded to " + i);
                    insert.executeUpdate();
                }
            }
        }
    }
}
