package io.tamada.rest;

import io.tamada.ha.model.ConfigDocument;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A user name and a password for basic authentication. Never shown.
public record Credentials(String user, String password) {

    /// Reads `authentication: {username, password}` or its short form `auth: user:password`; null
    /// when neither is there.
    ///
    /// @throws IllegalArgumentException when only half of it is there
    public static @Nullable Credentials of(String sectionName, ConfigDocument section) {
        ConfigDocument given = section.section("authentication");
        Object user = given.at("username");
        Object password = given.at("password");
        if (user != null && password != null) {
            return new Credentials(user.toString(), password.toString());
        }
        if (user != null || password != null) {
            throw new IllegalArgumentException(
                    sectionName + ".authentication: username and password are needed together");
        }
        Object both = section.at("auth");
        if (both == null) {
            return null;
        }
        int colon = both.toString().indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    sectionName + ".auth: must be of the form user:password");
        }
        return new Credentials(
                both.toString().substring(0, colon), both.toString().substring(colon + 1));
    }

    /// The value of an `Authorization` header.
    String header() {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /// Compares with what a client sent, in constant time.
    boolean match(String header) {
        return MessageDigest.isEqual(
                header().getBytes(StandardCharsets.UTF_8), header.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Credentials[" + user + "]";
    }
}
