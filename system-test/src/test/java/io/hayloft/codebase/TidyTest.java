package io.hayloft.codebase;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Sizes: files of {@value #FILE_LINES} lines, methods of {@value #METHOD_LINES}, constructors of
 * {@value #PARAMETERS} parameters.
 *
 * <p>What was larger once and is tolerated stands in {@code tidy-exceptions.txt}. That list can
 * only shrink: an entry that is no longer needed fails the test as well.
 */
class TidyTest {

  private static final int FILE_LINES = 500;
  private static final int METHOD_LINES = 70;
  private static final int PARAMETERS = 6;
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path EXCEPTIONS =
      Path.of("src", "test", "resources", "tidy-exceptions.txt").toAbsolutePath();
  private static final Set<String> FORBIDDEN_ENDINGS =
      Set.of("Impl", "Util", "Utils", "Helper", "Helpers", "Common", "Base", "Manager");

  private static final Set<String> findings = new TreeSet<>();

  @BeforeAll
  static void measure() throws IOException {
    var sources = sources();
    assertThat(sources).as("sources below " + ROOT).hasSizeGreaterThan(100);
    for (var source : sources) {
      long lines = Files.readString(source).lines().count();
      if (lines > FILE_LINES) {
        findings.add("file " + ROOT.relativize(source));
      }
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, UTF_8)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      var positions = Trees.instance(task);
      for (var unit : task.parse()) {
        new Measure(unit, positions).scan(unit, null);
      }
    }
  }

  private static List<Path> sources() throws IOException {
    var sources = new ArrayList<Path>();
    try (var modules = Files.list(ROOT)) {
      for (var module : modules.filter(dir -> Files.exists(dir.resolve("pom.xml"))).toList()) {
        var src = module.resolve("src");
        if (Files.isDirectory(src)) {
          try (var files = Files.walk(src)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
          }
        }
      }
    }
    return sources;
  }

  private static final class Measure extends TreePathScanner<@Nullable Void, @Nullable Void> {

    private final CompilationUnitTree unit;
    private final Trees trees;
    private String className = "";

    Measure(CompilationUnitTree unit, Trees trees) {
      this.unit = unit;
      this.trees = trees;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
      var outer = className;
      className = tree.getSimpleName().toString();
      if (FORBIDDEN_ENDINGS.stream().anyMatch(className::endsWith)) {
        findings.add("name " + className);
      }
      var components =
          tree.getKind() == com.sun.source.tree.Tree.Kind.RECORD
              ? tree.getMembers().stream()
                  .filter(
                      member ->
                          member instanceof com.sun.source.tree.VariableTree field
                              && !field
                                  .getModifiers()
                                  .getFlags()
                                  .contains(javax.lang.model.element.Modifier.STATIC))
                  .count()
              : 0;
      if (components > PARAMETERS) {
        findings.add("constructor " + className);
      }
      super.visitClass(tree, null);
      className = outer;
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
      var positions = trees.getSourcePositions();
      long start = positions.getStartPosition(unit, tree);
      long end = positions.getEndPosition(unit, tree);
      if (start >= 0 && end >= 0) {
        if (linesBetween(start, end) - textBlockLines(tree) > METHOD_LINES) {
          findings.add("method " + className + "." + tree.getName());
        }
      }
      if (tree.getName().contentEquals("<init>") && tree.getParameters().size() > PARAMETERS) {
        findings.add("constructor " + className);
      }
      return super.visitMethod(tree, null);
    }

    private long linesBetween(long start, long end) {
      return unit.getLineMap().getLineNumber(end) - unit.getLineMap().getLineNumber(start) + 1;
    }

    /** A text block is data, such as a conversation with a server, and may be as long as it is. */
    private long textBlockLines(MethodTree method) {
      var positions = trees.getSourcePositions();
      var lines = new AtomicLong();
      new TreeScanner<@Nullable Void, @Nullable Void>() {
        @Override
        public @Nullable Void visitLiteral(LiteralTree literal, @Nullable Void nothing) {
          lines.addAndGet(
              linesBetween(
                      positions.getStartPosition(unit, literal),
                      positions.getEndPosition(unit, literal))
                  - 1);
          return null;
        }
      }.scan(method, null);
      return lines.get();
    }
  }

  @Test
  void nothingIsLargerThanTheHouseAllowsExceptWhatIsListed() throws IOException {
    assertThat(findings)
        .as("Too large, or badly named. Split it; tidy-exceptions.txt takes no new entries.")
        .isSubsetOf(exceptions());
  }

  @Test
  void theListOfExceptionsOnlyShrinks() throws IOException {
    assertThat(exceptions()).as("Not needed any more: remove the line.").isSubsetOf(findings);
    assertThat(exceptions()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void noTestIsSwitchedOffAndNoneSleeps() throws IOException {
    var bad = new ArrayList<String>();
    for (var source : sources()) {
      var text = Files.readString(source);
      if (source.endsWith("TidyTest.java")) {
        continue;
      }
      if (source.toString().contains("src/test")
          && (text.contains("@Disabled") || text.contains("Thread.sleep("))) {
        bad.add(ROOT.relativize(source).toString());
      }
      if (text.contains("TODO") || text.contains("FIXME")) {
        bad.add(ROOT.relativize(source) + " has an unfinished mark");
      }
    }
    assertThat(bad).isEmpty();
  }

  @Test
  void everyPackageIsNullMarked() throws IOException {
    var bare = new TreeSet<String>();
    for (var source : sources()) {
      var directory = source.getParent();
      if (source.toString().contains("src/main")
          && !Files.exists(directory.resolve("package-info.java"))) {
        bare.add(ROOT.relativize(directory).toString());
      }
    }
    assertThat(bare).isEmpty();
  }

  private static Set<String> exceptions() throws IOException {
    var lines = new TreeSet<String>();
    Files.readAllLines(EXCEPTIONS).stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .forEach(lines::add);
    return lines;
  }
}
