/* Processes that fork without end. After some seconds the whole group is killed, and the machine must be as it was. */
#include "show.h"

int main(void)
{
    pid_t bomb = fork();
    if (bomb == 0) {
        setpgid(0, 0);
        for (;;) fork();
    }
    setpgid(bomb, bomb);
    sleep(3);
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
