package com.acme.zoo;

import java.io.File;
import java.math.*;
import java.net.URI;
import java.net.URL;
import java.time.*;
import java.util.*;
import java.util.concurrent.atomic.*;

/** Strings, numbers, and what has a text of its own. */
final class Values {
    static String latin1 = "caf\u00e9";
    static String utf16 = "\u5185\u5b58\u6cc4\u6f0f";
    static String surrogates = "dump \ud83d\udca5 smart";
    static String empty = new String("");
    static String hostile = "<script>alert(1)</script>\u001b[31mred\r\n\t\"'&|`";
    static String huge = "0123456789".repeat(10_000);
    /** 500 different String objects with the same 60 characters. */
    static final String[] DUPLICATES = new String[500];
    /** One String with a backing array that another String shares. */
    static String sharedA = new String("shared between two strings");
    static String sharedB = new String(sharedA);

    static final Object[] BOXED = {
        (byte) 1, (short) 2, 'c', 4, 5L, 6.5f, 7.25d, true, Integer.valueOf(100_000), Long.MIN_VALUE, Double.NaN,
        new AtomicInteger(8), new AtomicLong(9), new AtomicBoolean(true), new AtomicReference<>("ten"), OptionalInt.of(11), Optional.of("twelve")
    };
    /** 1,000 Integers outside the cache, all equal. */
    static final Integer[] EQUAL_BOXES = new Integer[1_000];
    static final Object[] TEXTUAL = {
        new File("reports/2024/orders.xlsx"), URI.create("https://shop.acme.example/a?b=c#d"), UUID.fromString("12345678-9abc-def0-1234-56789abcdef0"),
        new BigInteger("123456789012345678901234567890"), new BigDecimal("12345.6789"), LocalDate.of(2024, 2, 29), LocalDateTime.of(2024, 2, 29, 23, 59, 58),
        Instant.ofEpochSecond(1_700_000_000), Duration.ofSeconds(90), new Date(1_700_000_000_000L), Locale.SIMPLIFIED_CHINESE, Collections1.Colour.BLUE,
        new StringBuilder("under construction").append('!'), Currency.getInstance("EUR"), ZoneId.of("Asia/Shanghai"), String.class, int[].class
    };
    static URL url;
    static final byte[] BYTES = {1, -1, 127, -128};
    static final boolean[] BOOLEANS = {true, false, true};
    static final char[] CHARS = "secret".toCharArray();
    static final short[] SHORTS = {1, -1};
    static final int[] INTS = new int[1_000];
    static final long[] LONGS = {Long.MAX_VALUE, Long.MIN_VALUE};
    static final float[] FLOATS = {1.5f, Float.NaN};
    static final double[] DOUBLES = {2.5, Double.NEGATIVE_INFINITY};
    static final int[] NO_INTS = {};
    static final int[][] RAGGED = {{1}, {2, 3}, {}, null};

    private Values() {}

    static void fill() throws Exception {
        url = new URL("http://shop.acme.example:9010/cart");
        for (int i = 0; i < DUPLICATES.length; i++) {
            DUPLICATES[i] = new String("the same sixty characters of text, over and over, many times".toCharArray());
        }
        for (int i = 0; i < EQUAL_BOXES.length; i++) {
            EQUAL_BOXES[i] = Integer.valueOf(123_456);
        }
    }
}
