package io.hayloft.tracker.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.DriverDataSource;
import io.hayloft.testkit.TestDatabase;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connections on which the first commit is refused with a deadlock and rolled back, as a cluster of
 * databases does with the loser of two transactions on two of its nodes.
 */
final class CommitConflict implements InvocationHandler {

  private final Object target;
  private final AtomicBoolean refused;

  private CommitConflict(Object target, AtomicBoolean refused) {
    this.target = target;
    this.refused = refused;
  }

  static HikariConfig once(TestDatabase database) {
    var config = new HikariConfig();
    var several = new Properties();
    several.put("allowMultiQueries", "true");
    var source =
        new DriverDataSource(database.url(), null, several, database.user(), database.password());
    config.setDataSource(wrap(DataSource.class, source, new AtomicBoolean()));
    return config;
  }

  private static <T> T wrap(Class<T> type, Object target, AtomicBoolean refused) {
    return type.cast(
        Proxy.newProxyInstance(
            CommitConflict.class.getClassLoader(),
            new Class<?>[] {type},
            new CommitConflict(target, refused)));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    boolean isCommit =
        method.getName().equals("execute")
            && arguments != null
            && arguments.length == 1
            && arguments[0] instanceof String sql
            && sql.endsWith("COMMIT");
    try {
      if (isCommit && refused.compareAndSet(false, true)) {
        ((Statement) target).execute("ROLLBACK");
        throw new SQLException("Deadlock found when trying to get lock", "40001", 1213);
      }
      var result = method.invoke(target, arguments);
      if (result instanceof Connection connection) {
        return wrap(Connection.class, connection, refused);
      }
      return method.getName().equals("createStatement")
          ? wrap(Statement.class, result, refused)
          : result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
