package com.acme.batch;

import fixtures.Scenario;
import java.util.concurrent.CountDownLatch;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.Transaction;
import org.hibernate.cfg.Configuration;

/** A nightly import saves every row in one session without clear(): the session keeps an entity, a snapshot and an entry for each. */
public final class HibernateBatch implements Scenario {
    private static SessionFactory sessions;

    @Override
    public void run(Size size) throws Exception {
        sessions = new Configuration()
                .setProperty("hibernate.connection.url", "jdbc:h2:mem:crm;DB_CLOSE_DELAY=-1")
                .setProperty("hibernate.connection.username", "crm")
                .setProperty("hibernate.connection.password", "pa55word")
                .setProperty("hibernate.dialect", "org.hibernate.dialect.H2Dialect")
                .setProperty("hibernate.hbm2ddl.auto", "create")
                .setProperty("hibernate.jdbc.batch_size", "50")
                .addAnnotatedClass(Contact.class)
                .buildSessionFactory();
        CountDownLatch imported = new CountDownLatch(1);
        Thread job = new Thread(() -> new NightlyImport(sessions, imported).importAll(size.pick(6_000, 150_000)), "nightly-import");
        job.start();
        imported.await();
        Thread.sleep(300);
    }
}

final class NightlyImport {
    private final SessionFactory sessions;
    private final CountDownLatch imported;

    NightlyImport(SessionFactory sessions, CountDownLatch imported) {
        this.sessions = sessions;
        this.imported = imported;
    }

    void importAll(int contacts) {
        Session session = sessions.openSession();
        Transaction transaction = session.beginTransaction();
        for (int i = 0; i < contacts; i++) {
            session.save(new Contact(i, "Contact " + i, "contact-" + i + "@acme.example"));
        }
        imported.countDown();
        waitForConfirmation();
        transaction.commit();
        session.close();
    }

    private static void waitForConfirmation() {
        try {
            Thread.sleep(3_600_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
