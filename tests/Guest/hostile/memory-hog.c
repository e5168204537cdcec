/* Takes memory and writes to it until there is none: an allocation is refused, or the process is killed. */
#include "show.h"

int main(void)
{
    pid_t child = fork();
    if (child == 0) {
        for (;;) {
            char *p = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (p == MAP_FAILED) _exit(errno == ENOMEM ? 12 : 1);
            for (int i = 0; i < 1 << 20; i += 4096) p[i] = 1;
        }
    }
    int status;
    waitpid(child, &status, 0);
    show_status("hog", status);
    /* Memory is there again. */
    char *p = mmap(0, 32 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) { puts("no memory afterwards"); return 1; }
    memset(p, 1, 32 << 20);
    puts("memory afterwards");
    return (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) || (WIFEXITED(status) && WEXITSTATUS(status) == 12) ? 0 : 1;
}
