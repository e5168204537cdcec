/* User and group ids: who may make which of them what, and which capabilities are left then. Each question is asked in a child of its own. */
#include "show.h"
#include <grp.h>
#include <sys/fsuid.h>

static const int ids[] = { -1, 0, 1, 2, 3, 4 };
enum { COUNT = sizeof ids / sizeof *ids };

static int groups; /* whether groups are changed, or users */
static char *line; /* shared with the children */

static int set_three(int real, int effective, int saved) { return groups ? setresgid(real, effective, saved) : setresuid(real, effective, saved); }

static void start_free(void) { }
static void start_mixed(void) { set_three(1, 2, 3); if (groups) setresuid(5, 5, 5); }
static void start_back_to_root(void) { set_three(1, 2, 0); if (groups) setresuid(5, 5, 5); }

static const struct { const char *name; void (*start)(void); } states[] = {
    { "free", start_free }, { "1 2 3", start_mixed }, { "1 2 0", start_back_to_root },
};

/* The system calls themselves: C libraries ask all threads. */
static int change(const char *call, int a, int b, int c)
{
    if (!strcmp(call, "set")) return syscall(groups ? SYS_setgid : SYS_setuid, a);
    if (!strcmp(call, "setre")) return syscall(groups ? SYS_setregid : SYS_setreuid, a, b);
    if (!strcmp(call, "setres")) return syscall(groups ? SYS_setresgid : SYS_setresuid, a, b, c);
    return syscall(groups ? SYS_setfsgid : SYS_setfsuid, a);
}

/* The answer, the ids after it (file access's last), and + where the capability to set groups is in force. */
static void ask(const char *call, int state, int a, int b, int c)
{
    if (fork() == 0)
    {
        uid_t real, effective, saved;
        states[state].start();
        int answer = change(call, a, b, c);
        const char *error = answer == -1 ? error_name(errno) : "";
        if (groups) getresgid(&real, &effective, &saved);
        else getresuid(&real, &effective, &saved);
        int file = groups ? syscall(SYS_setfsgid, -1) : syscall(SYS_setfsuid, -1);
        sprintf(line + strlen(line), " %d%s%u%u%u%d%s", answer, error, real, effective, saved, file, setgroups(0, NULL) == 0 ? "+" : "");
        _exit(0);
    }
    wait(NULL);
}

static void show_line(const char *call, int state, const char *arguments)
{
    printf("%s %s from %s, %s:%s\n", call, groups ? "groups" : "users", states[state].name, arguments, line);
    fflush(stdout);
    *line = 0;
}

int main(void)
{
    char arguments[32];
    line = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (groups = 0; groups < 2; groups++)
        for (int state = 0; state < 3; state++)
        {
            for (int a = 0; a < COUNT; a++) ask("set", state, ids[a], 0, 0);
            show_line("set", state, "each");
            for (int a = 0; a < COUNT; a++) ask("setfs", state, ids[a], 0, 0);
            show_line("setfs", state, "each");
            for (int a = 0; a < COUNT; a++)
            {
                for (int b = 0; b < COUNT; b++) ask("setre", state, ids[a], ids[b], 0);
                snprintf(arguments, sizeof arguments, "%d and each", ids[a]);
                show_line("setre", state, arguments);
            }
            for (int a = 0; a < COUNT; a++)
            {
                for (int b = 0; b < COUNT; b++)
                    for (int c = 0; c < COUNT; c += 2) ask("setres", state, ids[a], ids[b], ids[c + (a & 1)]);
                snprintf(arguments, sizeof arguments, "%d and each two", ids[a]);
                show_line("setres", state, arguments);
            }
        }
    return 0;
}
