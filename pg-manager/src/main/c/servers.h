// The processes of one PostgreSQL server: found and signalled without trusting any process number.
#ifndef SERVERS_H
#define SERVERS_H

// Remembers whose processes are meant: those that run a program of this name and work in this directory.
// The directory need not exist yet.
void servers_of(const char *directory, const char *program);

// Sends a signal to every process of the server, or none when it is 0.
// Returns how many there were.
int signal_servers(int signal);

// A descriptor that stands for a process; -1 when there is none or the kernel is too old.
int open_process(int pid);

#endif
