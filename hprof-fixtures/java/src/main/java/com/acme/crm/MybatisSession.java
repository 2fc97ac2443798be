package com.acme.crm;

import fixtures.Scenario;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.datasource.pooled.PooledDataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;

/** One SqlSession for the life of the service: its first-level cache keeps the rows of each distinct query for ever. */
public final class MybatisSession implements Scenario {
    private static InvoiceService invoices;

    @Override
    public void run(Size size) {
        DataSource source = new PooledDataSource("org.h2.Driver", "jdbc:h2:mem:invoices;DB_CLOSE_DELAY=-1", "crm", "pa55word");
        invoices = new InvoiceService(source);
        for (int i = 0; i < size.pick(800, 10_000); i++) {
            invoices.ofCustomer(i);
        }
    }
}

final class InvoiceService {
    private final SqlSession session;
    private long rows;

    InvoiceService(DataSource source) {
        Configuration configuration = new Configuration(new Environment("production", new JdbcTransactionFactory(), source));
        configuration.addMapper(InvoiceMapper.class);
        session = new SqlSessionFactoryBuilder().build(configuration).openSession();
    }

    void ofCustomer(int customer) {
        rows += session.getMapper(InvoiceMapper.class).ofCustomer(customer).size();
    }
}

interface InvoiceMapper {
    @Select("select x as number, 'invoice ' || x || ' of customer ' || #{customer} as title from system_range(1, 20)")
    List<Map<String, Object>> ofCustomer(@Param("customer") int customer);
}
