/*
 * Processes that fork without end, with a short rest where a fork is refused. Soon after the first refusal the whole group is killed, and the
 * machine must be as it was.
 */
#include "show.h"
#include <poll.h>

int main(void)
{
    int refused[2];
    pipe(refused);
    pid_t bomb = fork();
    if (bomb == 0) {
        setpgid(0, 0);
        for (int told = 0;;) {
            if (fork() >= 0) continue;
            if (!told) { write(refused[1], "", 1); told = 1; }
            usleep(50000);
        }
    }
    setpgid(bomb, bomb);
    struct pollfd first = { refused[0], POLLIN, 0 };
    poll(&first, 1, 3000);
    usleep(200000);
    int kills = 0;
    while (kill(-bomb, SIGKILL) == 0 && kills < 1000) { kills++; usleep(10000); while (waitpid(-1, 0, WNOHANG) > 0) { } }
    int status;
    while (wait(&status) > 0) { }
    puts(kills < 1000 ? "the bomb is gone" : "the bomb is still there");
    pid_t child = fork();
    if (child == 0) _exit(5);
    if (waitpid(child, &status, 0) != child || WEXITSTATUS(status) != 5) { puts("no process afterwards"); return 1; }
    puts("a process afterwards");
    return kills < 1000 ? 0 : 1;
}
