package shopapp;

/** Of the web application: holds its prices in a static field, one copy for each class loader. */
public final class PriceUpdater implements Runnable {
    private static final double[][] PRICES = new double[50][1_000];

    @Override
    public void run() {
        try {
            while (PRICES.length > 0) {
                Thread.sleep(3_600_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
