package com.acme.export;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;

/** Builds the whole workbook in memory: fine for a hundred orders, not for a hundred thousand. */
final class OrderExport {
    private static final String[] COLUMNS = {"Order", "Customer", "Amount"};

    void export(int orders, OutputStream out) throws IOException {
        XSSFWorkbook workbook = new XSSFWorkbook();
        XSSFSheet sheet = workbook.createSheet("Orders");
        header(sheet.createRow(0));
        for (int i = 1; i <= orders; i++) {
            Row row = sheet.createRow(i);
            row.createCell(0).setCellValue("A-" + (1_000_000 + i));
            row.createCell(1).setCellValue("Customer " + i % 5_000);
            row.createCell(2).setCellValue(i * 1.19);
        }
        workbook.write(out);
        workbook.close();
    }

    private static void header(Row row) {
        for (int c = 0; c < COLUMNS.length; c++) {
            Cell cell = row.createCell(c);
            cell.setCellValue(COLUMNS[c]);
        }
    }
}
