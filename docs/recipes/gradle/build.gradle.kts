// A load test that ends with a heap dump, and the gate: gradle loadTest
// Load tests have @Tag("load"); maven/src/test/java/com/acme/ShopLoadIT.java is one: it dumps the heap at its end.
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
    systemProperty("dumps", dumps.get().asFile)
    // A JVM that goes on after an OutOfMemoryError may hang the build.
    jvmArgs("-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=${dumps.get().asFile}", "-XX:+ExitOnOutOfMemoryError")
    // Also after a test that ran out of memory.
    finalizedBy("heapGate")
}

tasks.register<Exec>("heapGate") {
    commandLine("oomph check build/dumps --policy oomph.toml --baseline heap-baseline --junit build/oomph.xml".split(" "))
}
