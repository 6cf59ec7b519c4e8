# Sourced by the launchers in bin/, which have set `tamada_home`. POSIX shell.

. "$tamada_home/libexec/find-java.sh"

# launch MAIN_CLASS HEAP ARGUMENT...: becomes the JVM, so that the process id stays the launcher's.
# The flags keep the footprint small; TAMADA_JAVA_OPTS, split at blanks, comes last and wins. lib/tamada.aot, which a run
# with TAMADA_JAVA_OPTS=-XX:AOTCacheOutput=FILE writes when it ends, holds classes ready for use; another JVM ignores it.
# A virtual thread that waits for a class to be initialised keeps its carrier; with one for each of few cores all could be
# kept at once, and nothing would run again. Hence more of them.
launch() {
    main=$1 heap=$2
    shift 2
    if ! find_java java; then
        echo "${0##*/}: no Java 25 or later found in JAVA_HOME, /usr/lib/jvm or PATH; install one (for example the package openjdk-25-jre-headless) or set JAVA_HOME" >&2
        exit 1
    fi
    cache=$tamada_home/lib/tamada.aot
    case ${TAMADA_JAVA_OPTS:-} in *AOT*) cache= ;; esac
    [ -r "$cache" ] || cache=
    # shellcheck disable=SC2086 # TAMADA_JAVA_OPTS is a list
    become "$java_home/bin/java" \
        -XX:+UseSerialGC "-Xmx$heap" -Xms4m -XX:+UseCompactObjectHeaders -XX:TieredStopAtLevel=1 \
        -Xss256k -XX:ReservedCodeCacheSize=24m -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError \
        -Djdk.virtualThreadScheduler.parallelism=8 \
        --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        -Xlog:disable -Xlog:all=warning:stderr ${cache:+"-XX:AOTCache=$cache"} \
        "-Dtamada.home=$tamada_home" ${TAMADA_JAVA_OPTS:-} -cp "$tamada_home/lib/*" "$main" "$@"
}

# become COMMAND...: the command takes this process over. As process 1, which a container without an init starts, it runs as a
# child instead: somebody has to wait for the processes whose parents have gone, and signals without a handler don't reach
# process 1.
become() {
    [ $$ = 1 ] || exec "$@"
    "$@" &
    child=$!
    for signal in HUP QUIT USR1 USR2 INT ABRT TERM; do
        # shellcheck disable=SC2064 # the signal's name of now
        trap "kill -$signal $child 2>/dev/null || true" "$signal"
    done
    # A signal ends the wait, not the child; some shells then have the child's own code ready, others not yet.
    code=0
    wait "$child" || code=$?
    while kill -0 "$child" 2>/dev/null; do
        code=0
        wait "$child" || code=$?
    done
    own=0
    wait "$child" 2>/dev/null || own=$?
    [ "$own" = 127 ] || code=$own
    exit "$code"
}
