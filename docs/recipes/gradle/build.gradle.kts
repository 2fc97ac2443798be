// A load test that ends with a heap dump, and the gate: gradle loadTest
// Load tests have @Tag("load"); the last of them dumps the heap as maven/src/test/java/com/acme/ShopLoadIT.java does, into build/dumps.
plugins { java }

repositories { mavenCentral() }

dependencies {
    testImplementation("org.junit.jupiter:junit-jupiter:5.11.4")
    testRuntimeOnly("org.junit.platform:junit-platform-launcher")
}

val dumps = layout.buildDirectory.dir("dumps")

tasks.test { useJUnitPlatform { excludeTags("load") } }

tasks.register<Test>("loadTest") {
    testClassesDirs = sourceSets.test.get().output.classesDirs
    classpath = sourceSets.test.get().runtimeClasspath
    useJUnitPlatform { includeTags("load") }
    maxHeapSize = "512m"
    outputs.dir(dumps)
    jvmArgs("-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=${dumps.get().asFile}")
    // Also after a test that ran out of memory.
    finalizedBy("heapGate")
}

tasks.register<Exec>("heapGate") {
    commandLine("oomph check build/dumps --policy oomph.toml --baseline heap-baseline --junit build/oomph.xml".split(" "))
}
