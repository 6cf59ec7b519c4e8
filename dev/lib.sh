# Sourced by the scripts of the source tree (bash). Finds what the build and the tests need; as root on a Debian-like machine
# it installs what is missing, otherwise it says what to install.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$repository/dist/src/main/dist/libexec/find-java.sh"

say() { printf '%s\n' "$@"; }
fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# install PACKAGE...: true when the packages are there afterwards; only root on a machine with apt can do it.
install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    local package missing=()
    for package in "$@"; do
        apt-cache show "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        apt-get -qq update >&2 || return 1
        for package in "${missing[@]}"; do
            apt-cache show "$package" >/dev/null 2>&1 || return 1
        done
    fi
    say "Installing $*" >&2
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >/dev/null
}

# Sets JAVA_HOME to a JDK 25 or later and puts it first on the PATH.
require_jdk() {
    find_java javac || { install openjdk-25-jdk-headless && find_java javac; } ||
        fail "no JDK 25 or later in JAVA_HOME, /usr/lib/jvm or PATH, and this machine's packages have none that can be installed here." \
            "Install one (the package openjdk-25-jdk-headless where it exists, else Eclipse Temurin 25), or set JAVA_HOME to it."
    export JAVA_HOME=$java_home
    PATH=$JAVA_HOME/bin:$PATH
}

require_maven() {
    # Maven's own libraries would be warned about in every run.
    export MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}"
    command -v mvn >/dev/null || install maven ||
        fail "Maven is missing. Install Maven 3.8.6 or later (Debian, Ubuntu: apt install maven)."
}

# For the lease guard.
require_compiler() {
    command -v "${CC:-cc}" >/dev/null || { install gcc libc6-dev && command -v "${CC:-cc}" >/dev/null; } ||
        fail "a C compiler is missing. Install one (Debian, Ubuntu: apt install gcc libc6-dev), or set CC to it."
}

# Puts the newest PostgreSQL's programs (initdb, postgres, pg_rewind, …) on the PATH.
require_postgresql() {
    if ! find_postgresql; then
        # The package would otherwise create a cluster and start it on the standard port.
        if [ "$(id -u)" = 0 ] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
            mkdir -p /etc/postgresql-common
            echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
        fi
        install postgresql && find_postgresql ||
            fail "PostgreSQL's programs are missing. Install PostgreSQL 12 or later (Debian, Ubuntu: apt install postgresql)," \
                "or put the directory that holds initdb on the PATH."
    fi
}

# Unpacks the real servers that tests of stores use, and tells the tests where. Without one of them its tests are skipped, and
# the test report names them.
require_servers() {
    export TAMADA_SERVERS=${TAMADA_SERVERS:-$HOME/.cache/tamada/servers}
    "$repository/dev/servers/install" etcd consul patroni postgresql-13 postgresql-17 ||
        say "The tests of what is missing are skipped." >&2
}

# Sets `etcd` to the program: the one that the tests use, unpacked when it isn't there, or the machine's own.
require_etcd() {
    TAMADA_SERVERS=${TAMADA_SERVERS:-$HOME/.cache/tamada/servers}
    etcd=$TAMADA_SERVERS/etcd/usr/bin/etcd
    [ -x "$etcd" ] || TAMADA_SERVERS=$TAMADA_SERVERS "$repository/dev/servers/install" etcd || etcd=$(command -v etcd) ||
        fail "etcd is missing. Install it (Debian: apt install etcd-server)."
}

# Sets `clock` to the library that steps a process's wall clock; to nothing where it can't be had: no clock is stepped then.
require_clock() {
    local found=(/usr/lib/*/faketime/libfaketimeMT.so.1)
    [ -e "${found[0]}" ] || { install libfaketime >/dev/null 2>&1 && found=(/usr/lib/*/faketime/libfaketimeMT.so.1); } || true
    clock=${found[0]}
    [ -e "$clock" ] || clock=
}

# For the tests of the console. Without them those tests are skipped, and the test report names them.
require_browser() {
    command -v chromedriver >/dev/null && command -v chromium >/dev/null || install chromium chromium-driver ||
        say "Chromium and its driver can't be had (Debian: chromium, chromium-driver); the tests of the console are skipped." >&2
}

# For the test of its configuration in docs/haproxy.md, which is skipped without it.
require_proxy() {
    [ -x /usr/sbin/haproxy ] || command -v haproxy >/dev/null || install haproxy ||
        say "HAProxy can't be had (Debian: haproxy); its test is skipped." >&2
}

# As root: package lists, which unpacking needs and only root can fetch.
require_package_lists() {
    ! command -v apt-cache >/dev/null || apt-cache show etcd-server >/dev/null 2>&1 || apt-get -qq update >&2 || true
}

find_postgresql() {
    local directory
    command -v initdb >/dev/null && command -v pg_rewind >/dev/null && return 0
    while read -r directory; do
        if [ -x "$directory/initdb" ]; then
            PATH=$PATH:$directory
            return 0
        fi
    done < <(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null | sort -rV)
    return 1
}
