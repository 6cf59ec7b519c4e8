package io.tamada.agent.doctor;

import io.tamada.configuration.HostPort;
import io.tamada.rest.PemFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Certificates and keys: whether they are there, belong together, and how long they are valid.
final class TlsCheck implements Check {

    private static final String NAME = "tls";
    private static final Duration SOON = Duration.ofDays(30);

    /// Certificates that live for days are renewed by a machine, later than those of a year.
    private static final int PART_OF_LIFE = 5;

    /// @param why what doesn't work without these files
    private record TlsFiles(
            String section, String cert, String key, String password, String ca, String why) {}

    @Override
    public List<Diagnosis> examine(Patient patient) {
        List<Diagnosis> found = new ArrayList<>();
        check(
                patient,
                new TlsFiles(
                        "restapi",
                        "certfile",
                        "keyfile",
                        "keyfile_password",
                        "cafile",
                        "the REST API can't be served, and no member asks this one"),
                found);
        check(
                patient,
                new TlsFiles(
                        "ctl",
                        "certfile",
                        "keyfile",
                        "keyfile_password",
                        "cacert",
                        "this member can't ask the others"),
                found);
        check(
                patient,
                new TlsFiles(
                        patient.local().storeSection(),
                        "cert",
                        "key",
                        "key_password",
                        "cacert",
                        "the store can't be reached"),
                found);
        return found;
    }

    private static void check(Patient patient, TlsFiles files, List<Diagnosis> found) {
        String ca = patient.text(files.section(), files.ca());
        if (ca != null && !ca.isBlank()) {
            certificates(patient, files, files.ca(), ca, found);
        }
        String cert = patient.text(files.section(), files.cert());
        if (cert == null || cert.isBlank()) {
            return;
        }
        List<X509Certificate> chain = certificates(patient, files, files.cert(), cert, found);
        String given = patient.text(files.section(), files.key());
        String key = given == null || given.isBlank() ? cert : given;
        String keySetting = given == null || given.isBlank() ? files.cert() : files.key();
        String place = patient.named(files.section(), keySetting);
        try {
            PrivateKey secret =
                    PemFiles.privateKey(
                            Path.of(key), patient.text(files.section(), files.password()));
            if (!chain.isEmpty() && !belongTogether(secret, chain.getFirst().getPublicKey())) {
                found.add(
                        Diagnosis.problem(
                                NAME,
                                place + ": the key in " + key + " is not that of " + cert,
                                files.why(),
                                "name the key that the certificate was made with"));
            }
            readers(place, Path.of(key), found);
        } catch (IOException e) {
            found.add(unreadable(place, Path.of(key), e, files.why()));
        }
        if (files.section().equals("restapi") && !chain.isEmpty()) {
            name(patient, chain.getFirst(), found);
        }
    }

    private static Diagnosis unreadable(String place, Path file, IOException e, String why) {
        boolean absent = e instanceof java.nio.file.NoSuchFileException;
        boolean denied = e instanceof java.nio.file.AccessDeniedException;
        String problem =
                absent
                        ? file + " is not there"
                        : denied
                                ? file + " can't be read by this user"
                                : String.valueOf(e.getMessage());
        return Diagnosis.problem(
                NAME,
                place + ": " + problem,
                why,
                absent || denied
                        ? "correct the path, or give the file to this user"
                        : "write it anew in PEM form, and keyfile_password if it is encrypted");
    }

    private static List<X509Certificate> certificates(
            Patient patient, TlsFiles files, String setting, String path, List<Diagnosis> found) {
        String place = patient.named(files.section(), setting);
        List<X509Certificate> result = new ArrayList<>();
        try {
            for (Certificate each : PemFiles.certificates(Path.of(path))) {
                if (each instanceof X509Certificate certificate) {
                    result.add(certificate);
                    validity(place, path, certificate, patient.time().wall(), files.why(), found);
                }
            }
        } catch (IOException e) {
            found.add(unreadable(place, Path.of(path), e, files.why()));
        }
        return result;
    }

    private static void validity(
            String place,
            String path,
            X509Certificate certificate,
            Instant now,
            String why,
            List<Diagnosis> found) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isAfter(until)) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            place + ": the certificate in " + path + " has expired at " + until,
                            why,
                            "have a new one signed"));
        } else if (now.isBefore(from)) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            place + ": the certificate in " + path + " is valid only from " + from,
                            why,
                            "see whether this machine's clock is right, or wait"));
        } else if (now.plus(soon(from, until)).isAfter(until)) {
            found.add(
                    Diagnosis.warning(
                            NAME,
                            place + ": the certificate in " + path + " expires at " + until,
                            "from then on " + why,
                            "have a new one signed; a reload (SIGHUP) puts it in force"));
        }
    }

    private static Duration soon(Instant from, Instant until) {
        Duration part = Duration.between(from, until).dividedBy(PART_OF_LIFE);
        return part.compareTo(SOON) < 0 ? part : SOON;
    }

    private static void readers(String place, Path key, List<Diagnosis> found) throws IOException {
        if (Files.getPosixFilePermissions(key).contains(PosixFilePermission.OTHERS_READ)) {
            found.add(
                    Diagnosis.warning(
                            NAME,
                            place + ": everybody on this machine may read the key " + key,
                            "whoever has it can pass for this member",
                            "chmod 0600 " + key));
        }
    }

    private static boolean belongTogether(PrivateKey secret, PublicKey open) {
        String algorithm =
                switch (open.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> open.getAlgorithm();
                };
        try {
            byte[] sample = {1, 2, 3};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(secret);
            signature.update(sample);
            byte[] made = signature.sign();
            signature.initVerify(open);
            signature.update(sample);
            return signature.verify(made);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// Clients that verify names see the one that others connect to.
    private static void name(Patient patient, X509Certificate certificate, List<Diagnosis> found) {
        String connect = patient.text("restapi", "connect_address");
        String host =
                connect == null
                        ? null
                        : HostPort.parse(connect, 8008)
                                .flatMap(parsed -> parsed.hosts().stream().findFirst())
                                .orElse(null);
        if (host != null && !names(certificate, host)) {
            found.add(
                    Diagnosis.warning(
                            NAME,
                            patient.named("restapi", "certfile")
                                    + ": the certificate doesn't bear the name "
                                    + host
                                    + " of restapi.connect_address",
                            "clients and members that verify names (ctl.verify_peers: full) refuse to talk to it",
                            "have it signed again with that name as a subject alternative name"));
        }
    }

    private static boolean names(X509Certificate certificate, String host) {
        try {
            @Nullable Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            List<String> wanted = List.of(host.toLowerCase(java.util.Locale.ROOT), canonical(host));
            return all != null
                    && all.stream()
                            .map(each -> String.valueOf(each.get(1)))
                            .anyMatch(name ->
                                    wanted.contains(name.toLowerCase(java.util.Locale.ROOT))
                                            || (name.startsWith("*.")
                                                    && host.endsWith(name.substring(1))));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /// IPv6 in the notation that certificates are read in; the host itself when it is a name.
    private static String canonical(String host) {
        try {
            return host.contains(":") ? InetAddress.getByName(host).getHostAddress() : host + ".";
        } catch (UnknownHostException e) {
            return host + ".";
        }
    }
}
