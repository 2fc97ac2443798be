package com.acme.db;

import fixtures.Scenario;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.dbcp2.BasicDataSource;

/** A BasicDataSource (a pool of its own) for each report, each with one idle connection, never closed, all remembered by the report service. */
public final class DbcpPools implements Scenario {
    private static final ReportService REPORTS = new ReportService();

    @Override
    public void run(Size size) throws Exception {
        for (int i = 0; i < size.pick(80, 1_000); i++) {
            REPORTS.run("report-" + i);
        }
    }
}

final class ReportService {
    private final List<BasicDataSource> sources = new ArrayList<>();

    void run(String name) throws SQLException {
        BasicDataSource source = new BasicDataSource();
        source.setUrl("jdbc:h2:mem:reports;DB_CLOSE_DELAY=-1");
        source.setUsername("reports");
        source.setPassword("pa55word");
        source.setInitialSize(1);
        source.setRegisterConnectionMBean(false);
        sources.add(source);
        try (Connection connection = source.getConnection()) {
            connection.setReadOnly(!name.isEmpty());
        }
    }
}
