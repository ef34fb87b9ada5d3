package org.careloop.parts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.regex.Pattern;

/** The databases of one running PostgreSQL, seen by its superuser. */
public final class PostgresDatabases {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private final Path password;
    private final int port;

    private PostgresDatabases(Path password, int port) {
        this.password = password;
        this.port = port;
    }

    /** The databases of the PostgreSQL that keeps its data in {@code folder} and listens on {@code port}. */
    public static PostgresDatabases of(Path folder, int port) {
        try {
            return new PostgresDatabases(PostgresHome.of(folder).password(), port);
        } catch (IOException e) {
            throw new PartFailure("no PostgreSQL data in " + folder, e);
        }
    }

    /**
     * Makes sure that database {@code name} exists, that {@code user} owns it and signs in with {@code password}, and
     * that no other user but the superuser may connect to it. What exists is kept; the password is set anew.
     *
     * @throws PartFailure when a name is not lower case letters, digits and underscores, or PostgreSQL refuses
     */
    public void create(String name, String user, String password) {
        requireName(name);
        requireName(user);
        try (Connection admin = connect()) {
            String role = exists(admin, "SELECT 1 FROM pg_roles WHERE rolname = ?", user) ? "ALTER" : "CREATE";
            execute(admin, quoted(admin, role + " ROLE %I LOGIN PASSWORD %L", user, password));
            if (!exists(admin, "SELECT 1 FROM pg_database WHERE datname = ?", name)) {
                execute(admin, quoted(admin, "CREATE DATABASE %I OWNER %I", name, user));
            }
            execute(admin, quoted(admin, "REVOKE ALL ON DATABASE %I FROM PUBLIC", name));
            execute(admin, "REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC");
        } catch (SQLException e) {
            throw new PartFailure("database " + name + " cannot be created", e);
        }
    }

    /** Whether PostgreSQL answers a query; false while it starts, recovers or is gone. */
    public boolean answer() {
        try (Connection admin = connect()) {
            return exists(admin, "SELECT 1 WHERE NOT pg_is_in_recovery() AND ? <> ''", "ready");
        } catch (SQLException _) {
            return false;
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", PostgresCluster.SUPERUSER);
        properties.setProperty("password", readPassword());
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "30");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
    }

    private String readPassword() throws SQLException {
        try {
            return Files.readString(password, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new SQLException("the superuser's password cannot be read from " + password, e);
        }
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new PartFailure("name of a database or user has invalid syntax (expected: " + NAME.pattern() + ")");
        }
    }

    private static boolean exists(Connection connection, String query, String value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, value);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Lets the server do the quoting: statements about roles and databases take no parameters. */
    private static String quoted(Connection connection, String template, String... values) throws SQLException {
        String call = "SELECT format(?" + ", ?::text".repeat(values.length) + ")";
        try (PreparedStatement statement = connection.prepareStatement(call)) {
            statement.setString(1, template);
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 2, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
