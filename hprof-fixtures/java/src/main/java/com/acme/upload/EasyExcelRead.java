package com.acme.upload;

import com.acme.web.PingServlet;
import com.acme.web.Server;
import com.alibaba.excel.EasyExcel;
import fixtures.Scenario;
import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** An uploaded sheet is read in one go: EasyExcel could hand over page by page, but doReadSync() makes one list of all rows. */
public final class EasyExcelRead implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        File sheet = Files.createTempFile("customers", ".xlsx").toFile();
        write(sheet, size.pick(3_000, 100_000));
        CountDownLatch read = new CountDownLatch(1);
        new Server().with("/ping", new PingServlet()).with("/upload", new ImportServlet(sheet, read)).start();
        Server.get("/ping");
        Server.getInBackground("/upload");
        read.await();
        Thread.sleep(500);
    }

    private static void write(File sheet, int rows) {
        List<List<Object>> all = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            all.add(List.of("C-" + i, "Customer " + i, "customer-" + i + "@acme.example", i * 3));
        }
        EasyExcel.write(sheet).sheet("Customers").doWrite(all);
    }
}

final class ImportServlet extends HttpServlet {
    private final transient File sheet;
    private final transient CountDownLatch read;

    ImportServlet(File sheet, CountDownLatch read) {
        this.sheet = sheet;
        this.read = read;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        new CustomerImport(read).importAll(sheet);
    }
}

final class CustomerImport {
    private final CountDownLatch read;

    CustomerImport(CountDownLatch read) {
        this.read = read;
    }

    int importAll(File sheet) {
        List<Map<Integer, String>> rows = EasyExcel.read(sheet).headRowNumber(0).sheet().doReadSync();
        read.countDown();
        int saved = 0;
        for (Map<Integer, String> row : rows) {
            saved += save(row);
        }
        return saved + rows.size();
    }

    /** A database that takes its time. */
    private static int save(Map<Integer, String> row) {
        try {
            Thread.sleep(3_600_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return row.size();
    }
}
