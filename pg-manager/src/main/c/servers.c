// A process belongs to the server when it runs the program and works in the data directory. Both are asked of the kernel
// after a descriptor for the process was opened, which never means another process: a number that was given away anew does no
// harm. PostgreSQL's sessions are process groups of their own, so they are found one by one; those that outlive a killed
// postmaster, and could still acknowledge a commit, are found as well. No memory is allocated.
#include "servers.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char data_directory[PATH_MAX];
static char program_name[NAME_MAX + 1];
// What runs on after its package was upgraded.
static char deleted_name[NAME_MAX + sizeof " (deleted)"];

void servers_of(const char *directory, const char *program) {
    snprintf(data_directory, sizeof data_directory, "%s", directory);
    snprintf(program_name, sizeof program_name, "%s", program);
    snprintf(deleted_name, sizeof deleted_name, "%s (deleted)", program_name);
}

int open_process(int pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

static bool runs_program(int pid) {
    char link[64], target[PATH_MAX];
    snprintf(link, sizeof link, "/proc/%d/exe", pid);
    ssize_t length = readlink(link, target, sizeof target - 1);
    if (length < 0) {
        return false; // a zombie, a kernel thread, or another user's
    }
    target[length] = 0;
    const char *slash = strrchr(target, '/');
    const char *name = slash ? slash + 1 : target;
    return strcmp(name, program_name) == 0 || strcmp(name, deleted_name) == 0;
}

static bool works_in(int pid, const struct stat *directory) {
    char link[64];
    struct stat own;
    snprintf(link, sizeof link, "/proc/%d/cwd", pid);
    return stat(link, &own) == 0 && own.st_dev == directory->st_dev && own.st_ino == directory->st_ino;
}

// Returns whether the process is one of the server's.
static bool strike(int pid, const struct stat *directory, int signal) {
    int process = open_process(pid);
    bool hit = runs_program(pid) && works_in(pid, directory);
    if (hit && signal != 0) {
        if (process >= 0) {
            syscall(SYS_pidfd_send_signal, process, signal, NULL, 0);
        } else {
            kill(pid, signal); // Linux before 5.3; it was looked at a moment ago
        }
    }
    if (process >= 0) {
        close(process);
    }
    return hit;
}

// An entry of a directory, as the kernel writes it, see getdents64(2).
struct entry {
    unsigned long long inode;
    long long offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

int signal_servers(int signal) {
    static char entries[16384] __attribute__((aligned(8)));
    struct stat directory;
    if (stat(data_directory, &directory) != 0) {
        return 0;
    }
    int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (proc < 0) {
        return 0;
    }
    int count = 0;
    long size;
    while ((size = syscall(SYS_getdents64, proc, entries, sizeof entries)) > 0) {
        for (long at = 0; at < size; at += ((struct entry *)(entries + at))->length) {
            int pid = atoi(((struct entry *)(entries + at))->name);
            count += pid > 0 && strike(pid, &directory, signal);
        }
    }
    close(proc);
    return count;
}
