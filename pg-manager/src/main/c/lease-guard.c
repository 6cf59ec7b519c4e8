// lease-guard: stops PostgreSQL before a leader's lease can be given to another, when the agent doesn't.
//
// The agent starts it and publishes in a file until when the server may be writable. The guard outlives the agent; a guard that a
// later agent starts replaces it. All times are readings of CLOCK_BOOTTIME in nanoseconds.
#include "servers.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MILLISECOND INT64_C(1000000)
#define SECOND (1000 * MILLISECOND)

// How often the file is read when nothing is due: arming, and a lease that was made shorter, are seen by then.
#define LOOK (250 * MILLISECOND)
// How often is looked whether what was struck is gone.
#define STRIKING (5 * MILLISECOND)
// How often is looked whether the agent starts what may not run.
#define SUSPECTING (50 * MILLISECOND)

// What the agent publishes. The file holds two records of fixed width, written in turn: a torn one doesn't hide the one before.
#define RECORD_WIDTH 128
#define SUMMED_WIDTH 99
#define RECORD_FORMAT "lease-guard 1 %20" SCNu64 " %20" SCNd64 " %c %20" SCNd64 " %20" SCNd64 " %8" SCNx32

struct record {
    uint64_t sequence;  // the higher one counts
    int64_t generation; // of the guard that is to stay; older ones end
    bool armed;
    int64_t ask_at;     // when the server is asked to stop at once
    int64_t kill_at;    // when whatever is left is killed
};

static const char *record_path;
static int record_file = -1;
static int agent = -1;
static int timer = -1;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_BOOTTIME, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

// Writes a line as the agent's log has them, unless that could block: then nobody reads it.
static void __attribute__((format(printf, 2, 3))) say(const char *level, const char *format, ...) {
    char line[512];
    struct timespec wall;
    struct tm local;
    clock_gettime(CLOCK_REALTIME, &wall);
    localtime_r(&wall.tv_sec, &local);
    size_t length = strftime(line, sizeof line, "%Y-%m-%d %H:%M:%S", &local);
    length += (size_t)snprintf(line + length, sizeof line - length, ",%03ld %s: lease guard: ",
            wall.tv_nsec / (long)MILLISECOND, level);
    va_list arguments;
    va_start(arguments, format);
    length += (size_t)vsnprintf(line + length, sizeof line - length - 1, format, arguments);
    va_end(arguments);
    if (length > sizeof line - 2) {
        length = sizeof line - 2;
    }
    line[length++] = '\n';
    struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};
    if (poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) && write(STDERR_FILENO, line, length) < 0) {
        errno = 0;
    }
}

// ---- what is published ----------------------------------------------------------------------------------------------------

// FNV-1a
static uint32_t checksum(const char *text, size_t length) {
    uint32_t sum = 2166136261u;
    for (size_t i = 0; i < length; i++) {
        sum = (sum ^ (unsigned char)text[i]) * 16777619u;
    }
    return sum;
}

static bool parse(char *text, struct record *record) {
    char state;
    uint32_t sum;
    if (sscanf(text, RECORD_FORMAT, &record->sequence, &record->generation, &state, &record->ask_at, &record->kill_at,
            &sum) != 6) {
        return false;
    }
    record->armed = state == 'A';
    return checksum(text, SUMMED_WIDTH) == sum;
}

static bool read_file(int file, struct record *newest) {
    char text[2 * RECORD_WIDTH + 1] = "";
    if (pread(file, text, 2 * RECORD_WIDTH, 0) != 2 * RECORD_WIDTH) {
        return false;
    }
    bool found = false;
    for (int i = 1; i >= 0; i--) {
        struct record record;
        text[(i + 1) * RECORD_WIDTH] = 0;
        if (parse(text + i * RECORD_WIDTH, &record) && (!found || record.sequence > newest->sequence)) {
            *newest = record;
            found = true;
        }
    }
    return found;
}

// Reads what is published now. Where the file was replaced, the new one counts; where it is gone, the one that is still open.
// Leaves *record as it is when there is nothing to be read.
static bool look(struct record *record) {
    int file = open(record_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file >= 0 && read_file(file, record)) {
        if (record_file >= 0) {
            close(record_file);
        }
        record_file = file;
        return true;
    }
    if (file >= 0) {
        close(file);
    }
    return record_file >= 0 && read_file(record_file, record);
}

// ---- waiting --------------------------------------------------------------------------------------------------------------

// Sleeps until then, suspended time included; an agent that ends wakes.
static void wait_until(int64_t then, bool agent_lives) {
    struct itimerspec at = {.it_value = {.tv_sec = then / SECOND, .tv_nsec = then % SECOND}};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
    struct pollfd events[] = {{.fd = timer, .events = POLLIN}, {.fd = agent_lives ? agent : -1, .events = POLLIN}};
    poll(events, 2, 1000);
}

static bool agent_lives(int parent) {
    struct pollfd event = {.fd = agent, .events = POLLIN};
    return agent >= 0 ? poll(&event, 1, 0) == 0 : getppid() == parent;
}

static int64_t earlier(int64_t a, int64_t b) {
    return a < b ? a : b;
}

// ---- striking -------------------------------------------------------------------------------------------------------------

// Stops the server: at once but orderly while there is time, by force after that.
// Returns when to be called again.
static int64_t strike(const struct record *record, int64_t at) {
    static int64_t struck_for;
    static bool gone;
    bool first = struck_for != record->ask_at;
    if (first) {
        struck_for = record->ask_at;
        gone = false;
    }
    // One that is started anew after its time gets no time at all.
    bool by_force = at >= record->kill_at || gone;
    int alive = signal_servers(by_force ? SIGKILL : first ? SIGQUIT : 0);
    if (first && alive > 0) {
        say("WARNING", "the lease ends and was not renewed: stopping PostgreSQL%s", by_force ? " by force" : "");
    }
    if (alive > 0) {
        gone = false;
        return at + STRIKING;
    }
    if (!gone && !first) {
        say("WARNING", "PostgreSQL is stopped");
    }
    gone = true;
    return at + SUSPECTING;
}

// ---- the process ----------------------------------------------------------------------------------------------------------

// Whatever makes a late wake-up less likely, as far as it is allowed.
static void become_urgent(void) {
    struct sched_param lowest = {.sched_priority = 1};
    if (sched_setscheduler(0, SCHED_FIFO, &lowest) != 0) {
        setpriority(PRIO_PROCESS, 0, -20);
    }
    mlockall(MCL_CURRENT | MCL_FUTURE);
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file >= 0) {
        if (write(file, "-1000", 5) < 0) {
            errno = 0; // not allowed
        }
        close(file);
    }
}

// Away from the agent's terminal, session and working directory. Only the agent ends the guard: by the file, or by SIGKILL.
static void stand_alone(void) {
    setsid();
    for (int i = 0; i < 4; i++) {
        signal((int[]){SIGTERM, SIGINT, SIGHUP, SIGPIPE}[i], SIG_IGN);
    }
    if (chdir("/") != 0) {
        errno = 0;
    }
    tzset();
}

// Tells the agent that the guard is on duty, and lets go of its pipe.
static bool report_ready(void) {
    bool told = write(STDOUT_FILENO, "ready\n", 6) == 6;
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    return told && nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(nothing, STDOUT_FILENO) >= 0;
}

static int watch(int64_t generation, int parent) {
    struct record record = {0};
    if (!look(&record)) {
        fprintf(stderr, "lease-guard: %s: not readable as what an agent publishes\n", record_path);
        return 1;
    }
    if (!report_ready()) {
        return 1;
    }
    for (;;) {
        bool agent_is_there = agent_lives(parent);
        look(&record);
        int64_t at = now();
        if (record.generation > generation) {
            return 0; // a later guard is on duty
        }
        int64_t next = at + LOOK;
        if (record.armed && at >= record.ask_at) {
            next = strike(&record, at);
            if (!agent_is_there && next == at + SUSPECTING) {
                return 0; // nobody is left who could start it again
            }
        } else if (record.armed) {
            next = earlier(next, record.ask_at);
        } else if (!agent_is_there) {
            return 0;
        }
        wait_until(next, agent_is_there);
    }
}

int main(int count, char **arguments) {
    if (count != 6) {
        fprintf(stderr, "Usage: lease-guard FILE GENERATION AGENT_PID DATA_DIRECTORY PROGRAM\n"
                        "Started by the Tamada agent; see docs/fencing.md.\n");
        return 2;
    }
    int parent = atoi(arguments[3]);
    agent = open_process(parent);
    if (getppid() != parent) {
        return 1; // the agent is gone, and another may have its number
    }
    record_path = arguments[1];
    servers_of(arguments[4], arguments[5]);
    timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (timer < 0) {
        perror("lease-guard: timerfd_create");
        return 1;
    }
    stand_alone();
    become_urgent();
    return watch(strtoll(arguments[2], NULL, 10), parent);
}
