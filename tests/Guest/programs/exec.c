/* execve: arguments, environment, auxiliary vector, scripts, errors, what survives. */
#include "show.h"
#include <elf.h>
#include <sys/auxv.h>

extern char **environ;

static void show_self(int argc, char **argv)
{
    printf("argc %d:", argc);
    for (int i = 0; i < argc; i++) printf(" [%s]", argv[i]);
    printf("\nenvironment:");
    for (char **e = environ; *e; e++) printf(" [%s]", *e);
    printf("\nstack aligned %d, argv[argc] null %d\n", ((uintptr_t)(argv - 1) & 15) == 0, argv[argc] == 0);
    printf("page %ld phent %ld uid %ld gid %ld secure %ld entry %d random %d platform %s execfn %s clktck %ld base %d\n",
        getauxval(AT_PAGESZ), getauxval(AT_PHENT), getauxval(AT_UID), getauxval(AT_EGID), getauxval(AT_SECURE),
        getauxval(AT_ENTRY) != 0, getauxval(AT_RANDOM) != 0, (char *)getauxval(AT_PLATFORM), (char *)getauxval(AT_EXECFN), getauxval(AT_CLKTCK), getauxval(AT_BASE) != 0);
    fflush(stdout);
}

static void *volatile bad = BAD;
static char *self;
static void again(char *const *argv, char *const *envp)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) { execve(self, argv, envp); show("execve", -1); _exit(1); }
    int status; waitpid(child, &status, 0);
    show_status("child", status);
}

static void write_file(const char *name, const void *data, size_t size, int mode)
{
    int f = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0700);
    write(f, data, size); close(f); chmod(name, mode);
}

static void try(const char *what, const char *name)
{
    fflush(stdout);
    pid_t child = fork();
    char *argv[] = { "zero", "one", 0 }, *envp[] = { 0 };
    if (child == 0) { execve(name, argv, envp); show(what, -1); _exit(1); }
    int status; waitpid(child, &status, 0);
    show_status(what, status);
}

int main(int argc, char **argv)
{
    if (argc == 0 || argv[0][0] == 0) { show_self(argc, argv); return 0; }
    if (argc > 1 && !strcmp(argv[1], "show")) { show_self(argc, argv); return 0; }
    if (argc > 1 && !strcmp(argv[1], "state")) {
        sigset_t mask; struct sigaction a;
        sigprocmask(0, 0, &mask);
        printf("masked %d", sigismember(&mask, SIGUSR1));
        sigaction(SIGUSR2, 0, &a); printf(" ignored %d", a.sa_handler == SIG_IGN);
        sigaction(SIGTERM, 0, &a); printf(" handler reset %d", a.sa_handler == SIG_DFL);
        printf(" fds %d %d", fcntl(40, F_GETFD), fcntl(41, F_GETFD));
        printf(" umask %o alarm %d\n", umask(0), alarm(0) > 0);
        stack_t s; sigaltstack(0, &s); printf("altstack flags %d\n", s.ss_flags);
        return 5;
    }
    if (argc > 1 && !strcmp(argv[1], "count")) { printf("argc %d last [%c..] length %zu\n", argc, argv[argc - 1][0], strlen(argv[argc - 1])); return 0; }
    self = "/tests/exec";

    char *plain[] = { "name", "show", "", "three words here", 0 }, *environment[] = { "A=1", "B=", "novalue", 0 }, *none[] = { 0 };
    again(plain, environment);
    again(plain, none);
    again(none, none);

    puts("-- long arguments");
    static char big[100001]; memset(big, 'b', 100000);
    char *large[] = { "name", "count", big, 0 };
    again(large, environment);
    static char huge[131073]; memset(huge, 'h', 131072);
    char *too_large[] = { "name", "count", huge, 0 };
    again(too_large, environment);
    static char *many[5002]; many[0] = "name"; many[1] = "count"; for (int i = 2; i < 5001; i++) many[i] = "x";
    again(many, environment);

    puts("-- what survives");
    int f = open("/dev/null", O_RDONLY); dup2(f, 40); dup3(f, 41, O_CLOEXEC);
    sigset_t mask; sigemptyset(&mask); sigaddset(&mask, SIGUSR1); sigprocmask(SIG_BLOCK, &mask, 0);
    signal(SIGUSR2, SIG_IGN); signal(SIGTERM, (void (*)(int))exit);
    static char alternate[16384]; stack_t stack = { .ss_sp = alternate, .ss_size = sizeof alternate }; sigaltstack(&stack, 0);
    umask(031); alarm(1000);
    char *state[] = { "name", "state", 0 };
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) { alarm(1000); execve(self, state, none); _exit(1); }
    int status; waitpid(child, &status, 0); show_status("child", status);

    puts("-- scripts");
    write_file("script", "#!/bin/echo  first  second \nignored\n", 36, 0755);
    try("script", "./script");
    write_file("script", "#!/bin/echo\n", 12, 0755);
    try("script without argument", "./script");
    write_file("script", "#!/missing\n", 11, 0755);
    try("script of nothing", "./script");
    write_file("script", "#!\n", 3, 0755);
    try("empty script", "./script");
    write_file("outer", "#!./inner x\n", 12, 0755);
    write_file("inner", "#!/bin/echo y\n", 14, 0755);
    try("script of script", "./outer");
    write_file("loop", "#!./loop\n", 9, 0755);
    try("script of itself", "./loop");

    puts("-- errors");
    try("missing", "./missing"); try("directory", "."); try("empty name", "");
    write_file("text", "just text\n", 10, 0755); try("text", "./text");
    write_file("noexec", "#!/bin/echo\n", 12, 0644); try("not executable", "./noexec");
    write_file("empty", "", 0, 0755); try("empty file", "./empty");
    try("below a file", "./text/x");
    Elf64_Ehdr elf = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT }, .e_type = ET_EXEC, .e_machine = EM_X86_64, .e_version = 1, .e_ehsize = 64, .e_phentsize = 56 };
    write_file("elf", &elf, sizeof elf, 0755); try("no segments", "./elf");
    write_file("elf", &elf, 20, 0755); try("short header", "./elf");
    elf.e_machine = EM_AARCH64; write_file("elf", &elf, sizeof elf, 0755); try("other machine", "./elf");
    elf.e_machine = EM_X86_64; elf.e_type = ET_REL; write_file("elf", &elf, sizeof elf, 0755); try("object file", "./elf");
    elf.e_type = ET_EXEC; elf.e_phnum = 1; elf.e_phoff = 0x7fffffff; write_file("elf", &elf, sizeof elf, 0755); try("headers outside", "./elf");
    SHOW(execve(bad, plain, none)); SHOW(execve(self, bad, none)); SHOW(execve(self, plain, bad)); SHOW(execve(KERNEL, plain, none));
    char *bad_argument[] = { "a", BAD, 0 };
    SHOW(execve(self, bad_argument, none));
    int busy = open("/tests/exec", O_WRONLY);
    printf("writing to a running program: %s\n", busy < 0 ? error_name(errno) : "ok");
    return 0;
}
