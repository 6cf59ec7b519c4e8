package io.tamada.rest;

import java.lang.module.ModuleDescriptor;
import org.jspecify.annotations.Nullable;

/// What this software calls itself.
public final class ProductVersion {

    /// The Patroni version whose interface is spoken; what tools that expect Patroni are told.
    public static final String COMPATIBLE = "4.1.4";

    /// Our own version; `dev` when run from a build folder.
    public static final String OWN = own();

    private ProductVersion() {}

    private static String own() {
        String packaged = ProductVersion.class.getPackage().getImplementationVersion();
        if (packaged != null) {
            return packaged;
        }
        ModuleDescriptor descriptor = ProductVersion.class.getModule().getDescriptor();
        return descriptor == null ? "dev" : descriptor.rawVersion().orElse("dev");
    }

    /// A dotted version as one number, two digits for each part: `4.1.4` becomes `040104`.
    static String padded(@Nullable String dotted) {
        StringBuilder out = new StringBuilder();
        for (String part : String.valueOf(dotted).split("\\.", -1)) {
            String digits =
                    part.chars().allMatch(Character::isDigit) && !part.isEmpty() ? part : "0";
            out.append(digits.length() < 2 ? "0" : "").append(digits);
        }
        return out.toString();
    }
}
