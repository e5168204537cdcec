/* Names: mkdir, rmdir, link, symlink, unlink, rename, getdents64, getcwd, the *at calls. */
#include "show.h"
#include <dirent.h>

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void list(const char *name)
{
    DIR *directory = opendir(name);
    if (!directory) { show(name, -1); return; }
    char *names[64]; int count = 0;
    for (struct dirent *e; (e = readdir(directory)) && count < 64;) {
        char text[300];
        snprintf(text, sizeof text, "%s:%d", e->d_name, e->d_type);
        names[count++] = strdup(text);
    }
    closedir(directory);
    qsort(names, count, sizeof *names, by_name);
    printf("[%s]", name);
    for (int i = 0; i < count; i++) printf(" %s", names[i]);
    puts("");
}

static int links(const char *name) { struct stat s; return lstat(name, &s) ? -1 : (int)s.st_nlink; }
static void make(const char *name) { close(open(name, O_CREAT | O_WRONLY, 0644)); }

int main(void)
{
    char buffer[8192];

    puts("-- mkdir and rmdir");
    SHOW(mkdir("d", 0755)); SHOW(mkdir("d", 0755)); SHOW(mkdir("x/y", 0755)); SHOW(mkdir("", 0755)); SHOW(mkdir(BAD, 0755)); SHOW(mkdir("d/", 0755)); SHOW(mkdir("slash/", 0755));
    SHOW(mkdir("d/e", 0755)); printf("links %d\n", links("d"));
    SHOW(rmdir("d")); SHOW(rmdir("d/e")); SHOW(rmdir("missing")); make("f"); SHOW(rmdir("f")); SHOW(rmdir("d/.")); SHOW(rmdir("/")); SHOW(rmdir("d/.."));
    SHOW(mkdir("f/x", 0755));

    puts("-- link and unlink");
    SHOW(link("f", "g")); printf("links %d\n", links("f"));
    SHOW(link("f", "g")); SHOW(link("missing", "h")); SHOW(link("d", "h")); SHOW(link("f", "/dev/null"));
    SHOW(unlink("f")); printf("links %d\n", links("g")); SHOW(unlink("f")); SHOW(unlink("d")); SHOW(unlink("g/")); SHOW(unlink(""));
    int f = open("g", O_RDWR);
    write(f, "still here", 10);
    SHOW(unlink("g"));
    struct stat s;
    fstat(f, &s); printf("unlinked: links %d size %ld\n", (int)s.st_nlink, (long)s.st_size);
    SHOW(pread(f, buffer, 10, 0)); printf("%.10s\n", buffer);
    SHOW(linkat(AT_FDCWD, "d", AT_FDCWD, "z", 0x12345));

    puts("-- symbolic links");
    make("t");
    SHOW(symlink("t", "s")); SHOW(symlink("t", "s")); SHOW(symlink("", "e")); SHOW(symlink("nowhere", "dangling"));
    SHOW(readlink("s", buffer, sizeof buffer)); SHOW(readlink("dangling", buffer, 3)); printf("%.3s\n", buffer); SHOW(readlink("t", buffer, 10)); SHOW(readlink("s", buffer, 0)); SHOW(readlink("s", BAD, 10)); SHOW(readlink("missing", buffer, 9));
    SHOW(open("dangling", O_RDONLY)); SHOW(open("dangling", O_CREAT | O_EXCL | O_WRONLY, 0600)); SHOW_OK(open("dangling", O_CREAT | O_WRONLY, 0600)); SHOW(access("nowhere", F_OK));
    SHOW(symlink("d", "sd")); SHOW(mkdir("sd/inside", 0755)); SHOW(rmdir("sd")); SHOW(unlink("sd/")); SHOW(stat("sd/", &s)); printf("%o\n", s.st_mode); SHOW(lstat("sd", &s)); printf("%o\n", s.st_mode);
    SHOW(lstat("sd/", &s)); printf("%o\n", s.st_mode);
    SHOW(link("s", "hard")); SHOW(lstat("hard", &s)); printf("%o links %d\n", s.st_mode, (int)s.st_nlink);
    SHOW(linkat(AT_FDCWD, "s", AT_FDCWD, "soft", AT_SYMLINK_FOLLOW)); SHOW(lstat("soft", &s)); printf("%o\n", s.st_mode);

    puts("-- rename");
    make("r1"); make("r2");
    SHOW(rename("r1", "r2")); SHOW(access("r1", F_OK)); SHOW(rename("missing", "r1")); SHOW(rename("r2", "d")); SHOW(rename("d", "r2")); SHOW(rename("r2", "r2"));
    SHOW(mkdir("p", 0755)); SHOW(mkdir("p/q", 0755)); SHOW(rename("p", "p/q/r")); SHOW(rename("p", "empty-target")); SHOW(mkdir("full", 0755)); make("full/x"); SHOW(rename("empty-target", "full")); SHOW(mkdir("void", 0755)); SHOW(rename("empty-target", "void"));
    list("void"); printf("links . %d\n", links("void"));
    SHOW(rename("void/q", "moved")); printf("links %d\n", links("void")); SHOW(rename("moved/", "again/")); SHOW(rename("r2", "x/y")); SHOW(rename("r2", "r3/")); SHOW(rename(".", "dot"));
    make("h1"); link("h1", "h2"); SHOW(rename("h1", "h2")); SHOW(access("h1", F_OK));
    make("n1"); make("n2");
    SHOW(syscall(SYS_renameat2, AT_FDCWD, "n1", AT_FDCWD, "n2", 1)); SHOW(syscall(SYS_renameat2, AT_FDCWD, "n1", AT_FDCWD, "again", 2)); SHOW(access("again", F_OK)); lstat("n1", &s); printf("%o\n", s.st_mode); SHOW(syscall(SYS_renameat2, AT_FDCWD, "n1", AT_FDCWD, "n2", 3)); SHOW(syscall(SYS_renameat2, AT_FDCWD, "n1", AT_FDCWD, "n2", 64));

    puts("-- reading directories");
    list("."); list("full"); list("t"); list("missing"); list("/dev/null");
    mkdir("many", 0755);
    for (int i = 0; i < 200; i++) { char name[40]; snprintf(name, sizeof name, "many/a-file-with-a-longer-name-%03d", i); make(name); }
    int d = open("many", O_RDONLY), entries = 0, calls = 0; long got;
    while ((got = syscall(SYS_getdents64, d, buffer, 1000)) > 0) { calls++; for (long at = 0; at < got; at += *(unsigned short *)(buffer + at + 16)) entries++; }
    printf("%d entries, several calls %d, end %ld\n", entries, calls > 5, got);
    SHOW(lseek(d, 0, SEEK_SET)); SHOW_OK(syscall(SYS_getdents64, d, buffer, sizeof buffer)); SHOW(syscall(SYS_getdents64, d, buffer, 10)); SHOW(syscall(SYS_getdents64, d, BAD, 4096)); SHOW(syscall(SYS_getdents64, f, buffer, 4096)); SHOW(syscall(SYS_getdents64, 99, buffer, 4096));
    lseek(d, 0, SEEK_SET);
    entries = 0;
    while ((got = syscall(SYS_getdents64, d, buffer, 2000)) > 0) for (long at = 0; at < got; at += *(unsigned short *)(buffer + at + 16)) {
        char name[300]; snprintf(name, sizeof name, "many/%s", buffer + at + 19);
        if (buffer[at + 19] != '.') entries += unlink(name) == 0;
    }
    printf("removed while reading: %d\n", entries);
    SHOW(rmdir("many"));

    puts("-- current directory");
    SHOW(syscall(SYS_getcwd, buffer, sizeof buffer)); puts(buffer);
    SHOW(chdir("d")); SHOW(syscall(SYS_getcwd, buffer, sizeof buffer)); puts(buffer); SHOW(chdir("..")); SHOW(chdir("../../../../..")); SHOW(syscall(SYS_getcwd, buffer, sizeof buffer)); puts(buffer);
    SHOW(syscall(SYS_getcwd, buffer, 1)); SHOW(syscall(SYS_getcwd, BAD, 100)); SHOW(chdir("/tmp/work")); SHOW(chdir("t")); SHOW(chdir("missing")); SHOW(chdir("sd")); SHOW(syscall(SYS_getcwd, buffer, sizeof buffer)); puts(buffer);
    d = open("/tmp/work/d", O_RDONLY); SHOW(chdir("/")); SHOW(fchdir(d)); SHOW(syscall(SYS_getcwd, buffer, sizeof buffer)); puts(buffer); SHOW(fchdir(f)); SHOW(fchdir(99));
    mkdir("/tmp/work/gone", 0755); chdir("/tmp/work/gone"); SHOW(rmdir("/tmp/work/gone")); SHOW(syscall(SYS_getcwd, buffer, sizeof buffer)); SHOW(open("x", O_CREAT | O_WRONLY, 0600)); SHOW(open(".", O_RDONLY)); SHOW(mkdir("y", 0755));
    chdir("/tmp/work");

    puts("-- relative to a descriptor");
    d = open("d", O_RDONLY);
    SHOW_OK(openat(d, "new", O_CREAT | O_WRONLY, 0600)); SHOW(mkdirat(d, "newdir", 0755)); SHOW(unlinkat(d, "newdir", 0)); SHOW(unlinkat(d, "newdir", AT_REMOVEDIR)); SHOW(unlinkat(d, "new", 99)); SHOW(renameat(d, "new", AT_FDCWD, "here")); SHOW(symlinkat("here", d, "sl")); SHOW(readlinkat(d, "sl", buffer, 10)); SHOW(faccessat(d, "sl", F_OK, 0)); SHOW(openat(f, "x", O_RDONLY)); SHOW(openat(99, "x", O_RDONLY)); SHOW_OK(openat(99, "/tmp", O_RDONLY)); SHOW(fchownat(d, "sl", 3, 4, AT_SYMLINK_NOFOLLOW));
    list("d");
    return 0;
}
