package com.acme.tile;

import fixtures.Scenario;

/** One request asks for a bitmap larger than any array can be: nothing fills the heap, the request is wrong. */
public final class ArraySizeOom implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        Thread renderer = new Thread(() -> new TileRenderer().render(46_341, 46_341), "tile-renderer-1");
        renderer.start();
        renderer.join();
    }
}

final class TileRenderer {
    int render(int width, int height) {
        int pixels = (int) Math.min((long) width * height, Integer.MAX_VALUE);
        int[] bitmap = new int[pixels];
        return bitmap.length;
    }
}
