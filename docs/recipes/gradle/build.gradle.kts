// A load test that ends with a heap dump, and the gate: gradle heapGate
plugins { java }

val dumps = layout.buildDirectory.dir("dumps")

val loadTest by tasks.registering(Test::class) {
    useJUnitPlatform { includeTags("load") }
    maxHeapSize = "512m"
    doFirst { dumps.get().asFile.mkdirs() }
    // The last test dumps the heap with HotSpotDiagnosticMXBean.dumpHeap(path, live = true).
    jvmArgs("-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=${dumps.get().asFile}")
}

tasks.register<Exec>("heapGate") {
    dependsOn(loadTest)
    commandLine("oomph check build/dumps --policy oomph.toml --junit build/oomph.xml".split(" "))
}
