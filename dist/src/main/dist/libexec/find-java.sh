# Finds Java 25 or later; sourced by the launchers and by the scripts of the source tree. POSIX shell, no process is started.

# java_major HOME: sets `major` to the feature release of the Java in HOME; fails when there is none.
java_major() {
    [ -r "$1/release" ] || return 1
    while IFS='=' read -r key value; do
        if [ "$key" = JAVA_VERSION ]; then
            major=${value#\"}
            major=${major%%[!0-9]*}
            [ -n "$major" ]
            return
        fi
    done <"$1/release"
    return 1
}

# find_java PROGRAM: sets `java_home` to the first Java 25 or later that has bin/PROGRAM: in JAVA_HOME, in /usr/lib/jvm, on the PATH.
find_java() {
    on_path=$(command -v "$1" 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/"$1"}
    for java_home in "${JAVA_HOME:-}" /usr/lib/jvm/* "$on_path"; do
        if [ -n "$java_home" ] && [ -x "$java_home/bin/$1" ] && java_major "$java_home" && [ "$major" -ge 25 ]; then
            return 0
        fi
    done
    java_home=
    return 1
}
