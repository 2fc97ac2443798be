import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import org.gradle.api.Project;
import org.gradle.api.tasks.Exec;
import org.gradle.api.tasks.testing.Test;
import org.gradle.testfixtures.ProjectBuilder;
import org.gradle.util.GradleVersion;

/** Applies a script to a project of the Gradle whose API is on the class path, and looks at the tasks that it set up. No task is run. */
class GradleApi {
    public static void main(String[] arguments) {
        try {
            apply(arguments);
        } catch (Throwable problem) {
            problem.printStackTrace();
            System.exit(1);
        }
        // Threads of Gradle's own would keep the process up.
        System.exit(0);
    }

    private static void apply(String[] arguments) {
        Path script = Path.of(arguments[0]).toAbsolutePath();
        Project project = ProjectBuilder.builder().withProjectDir(new File(arguments[1])).build();
        project.getPluginManager().apply("java");
        project.apply(Map.of("from", script.toFile()));
        Test loadTest = (Test) project.getTasks().getByName("loadTest");
        Exec gate = (Exec) project.getTasks().getByName("heapGate");
        File dumps = project.getLayout().getBuildDirectory().dir("dumps").get().getAsFile();
        expect(loadTest.getIncludes().contains("**/*LoadIT*"), "loadTest runs no load tests");
        expect(loadTest.getJvmArgs().contains("-XX:HeapDumpPath=" + dumps), "no dump after an OutOfMemoryError");
        expect(dumps.equals(loadTest.getSystemProperties().get("dumps")), "the test is not told where dumps go");
        expect(loadTest.getFinalizedBy().getDependencies(loadTest).contains(gate), "no gate after loadTest");
        expect(gate.getCommandLine().subList(0, 3).equals(java.util.List.of("oomph", "check", "build/dumps")), "another command");
        System.out.println(GradleVersion.current().getVersion());
    }

    private static void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
