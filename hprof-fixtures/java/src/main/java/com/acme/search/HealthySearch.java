package com.acme.search;

import fixtures.Scenario;
import java.nio.file.Files;
import java.util.Random;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/** A warmed search server: one searcher over many segments is the largest thing in a small heap, and nothing is to blame. */
public final class HealthySearch implements Scenario {
    private static SearcherManager searchers;

    @Override
    public void run(Size size) throws Exception {
        ByteBuffersDirectory index = new ByteBuffersDirectory();
        IndexWriterConfig config = new IndexWriterConfig(new StandardAnalyzer()).setMergePolicy(NoMergePolicy.INSTANCE);
        Random random = new Random(1);
        try (IndexWriter writer = new IndexWriter(index, config)) {
            for (int i = 0; i < size.pick(4_000, 40_000); i++) {
                Document document = new Document();
                for (int field = 0; field < 8; field++) {
                    document.add(new TextField("field" + field, word(random) + " " + word(random), Field.Store.YES));
                }
                document.add(new NumericDocValuesField("number", i));
                writer.addDocument(document);
                if (i % 200 == 199) {
                    writer.commit();
                }
            }
        }
        searchers = new SearcherManager(index, null);
        for (int i = 0; i < 500; i++) {
            IndexSearcher searcher = searchers.acquire();
            try {
                searcher.search(new TermQuery(new Term("field" + i % 8, word(random))), 10);
            } finally {
                searchers.release(searcher);
            }
        }
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int length = 3 + random.nextInt(4); length > 0; length--) {
            word.append((char) ('a' + random.nextInt(20)));
        }
        return word.toString();
    }
}
