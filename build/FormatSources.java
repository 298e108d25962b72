import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Formats every Java source below a directory, or says which are not formatted. Run by Maven on the
 * build's JDK, because a formatter can only read the Java of the JDK that it runs on.
 *
 * <p>Usage: {@code FormatSources --check|--apply DIRECTORY}
 */
final class FormatSources {

  private FormatSources() {}

  public static void main(String[] args) throws Exception {
    boolean apply = args[0].equals("--apply");
    var formatter =
        new Formatter(
            JavaFormatterOptions.builder().style(Style.GOOGLE).formatJavadoc(true).build());
    List<Path> changed = new ArrayList<>();
    for (Path source : sources(Path.of(args[1]))) {
      String before = Files.readString(source);
      String after =
          formatter.formatSourceAndFixImports(RemoveUnusedImports.removeUnusedImports(before));
      if (!after.equals(before)) {
        changed.add(source);
        if (apply) {
          Files.writeString(source, after);
        }
      }
    }
    if (apply) {
      System.out.println("formatted " + changed.size() + " files");
    } else if (!changed.isEmpty()) {
      changed.forEach(source -> System.err.println("not formatted: " + source));
      System.err.println("To format them: mvn -N -Pformat verify");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws Exception {
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/target/"))
          .sorted()
          .toList();
    }
  }
}
