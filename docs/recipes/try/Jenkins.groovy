// Runs a declarative Jenkinsfile as Jenkins does, as far as the recipe needs it: sections and stages are run in order, `sh` runs for real, `post` in any case.
//   java -cp groovy.jar groovy.ui.GroovyMain Jenkins.groovy JENKINSFILE
// Prints the result of the build. A step that Jenkins does not have, or that is not known here, is an error.
class Build {
  static final SECTIONS = ['pipeline', 'agent', 'steps', 'script', 'post', 'always']
  static final RESULTS = ['SUCCESS', 'UNSTABLE', 'FAILURE']
  String result = 'SUCCESS'

  void atLeast(String worse) { if (RESULTS.indexOf(worse) > RESULTS.indexOf(result)) result = worse }

  def run(Closure body) {
    body.delegate = this
    body.resolveStrategy = Closure.DELEGATE_FIRST
    body()
  }

  def methodMissing(String name, args) {
    if (name in SECTIONS && args.length == 1 && args[0] instanceof Closure) return run(args[0])
    throw new MissingMethodException(name, Build, args)
  }

  def stages(Closure body) {
    try { run(body) } catch (MissingMethodException e) { throw e } catch (Exception e) { println "ERROR: $e.message"; atLeast('FAILURE') }
  }
  def stage(String name, Closure body) { println "[stage] $name"; run(body) }
  def label(String name) {}

  def sh(String script) { sh([script: script]) }
  def sh(Map options) {
    int code = new ProcessBuilder('sh', '-xec', options.script as String).inheritIO().start().waitFor()
    if (options.returnStatus) return code
    if (code != 0) throw new Exception("script returned exit code $code")
  }
  def catchError(Map options, Closure body) {
    try { run(body) } catch (MissingMethodException e) { throw e } catch (Exception e) { println "ERROR: $e.message"; atLeast(options.buildResult) }
  }
  def unstable(String message) { println "WARNING: $message"; atLeast('UNSTABLE') }
  def error(String message) { throw new Exception(message) }

  def junit(Map options) {
    def file = new File(options.testResults)
    if (file.exists()) {
      def failed = new groovy.xml.XmlSlurper().parse(file).'**'.count { it.name() == 'failure' }
      println "[junit] $failed failed"
      if (failed > 0) atLeast('UNSTABLE')
    } else if (!options.allowEmptyResults) throw new Exception("no test results: $file")
  }
  def archiveArtifacts(Map options) {
    if (new File(options.artifacts).exists()) println "[archived] $options.artifacts"
    else if (!options.allowEmptyArchive) throw new Exception("no artifacts: $options.artifacts")
  }
}

def build = new Build()
def shell = new GroovyShell(new Binding())
def script = shell.parse(new File(args[0]))
script.metaClass.methodMissing = { String name, arguments -> build.invokeMethod(name, arguments) }
script.run()
println "Finished: $build.result"
