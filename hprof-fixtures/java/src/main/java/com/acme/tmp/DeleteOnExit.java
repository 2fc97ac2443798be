package com.acme.tmp;

import fixtures.Scenario;
import java.io.File;

/** A temporary file for each upload, deleted after use, but marked deleteOnExit: the JDK keeps its name until the JVM ends. */
public final class DeleteOnExit implements Scenario {
    @Override
    public void run(Size size) {
        UploadStore store = new UploadStore(new File("uploads"));
        for (int i = 0; i < size.pick(20_000, 600_000); i++) {
            store.receive("customer-" + i % 1_000, i);
        }
    }
}

final class UploadStore {
    private final File folder;

    UploadStore(File folder) {
        this.folder = folder;
    }

    void receive(String customer, int number) {
        File file = new File(folder, customer + "/2024-02-29/upload-" + number + ".part");
        file.deleteOnExit(); // and then it is written, read and deleted
    }
}
