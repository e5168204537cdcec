/*
 * Asks for a report through configfs (Linux, Documentation/ABI/testing/configfs-tsm), rightly and wrongly, and prints what happens, one line a
 * question. Lines that begin with TSM- carry what the host verifies: the report for the nonce 0x40, 0x41, ... and the certificates.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROOT "/sys/kernel/config"
#define ENTRY ROOT "/tsm/report/e0"

static unsigned char blob[65536];

static void result(const char *what, long value)
{
    if (value < 0)
        printf("%s: %s\n", what, strerror(errno));
    else
        printf("%s: %ld\n", what, value);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void list(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, by_name);
    result(path, count);
    for (int i = 0; i < count; i++) {
        char name[512];
        struct stat status;
        if (entries[i]->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        lstat(name, &status);
        printf("  %s type %d mode %o links %d owner %d:%d size %lld\n", entries[i]->d_name, entries[i]->d_type, status.st_mode, (int)status.st_nlink,
               status.st_uid, status.st_gid, (long long)status.st_size);
    }
}

static long get(const char *name, int flags)
{
    char path[256];
    snprintf(path, sizeof path, ENTRY "/%s", name);
    int file = open(path, flags);
    if (file < 0)
        return -1;
    long total = 0, count;
    while ((count = read(file, blob + total, 1000)) > 0)
        total += count;
    close(file);
    return count < 0 ? -1 : total;
}

static void show(const char *name)
{
    long count = get(name, O_RDONLY);
    if (count < 0)
        printf("%s: %s\n", name, strerror(errno));
    else
        printf("%s: %.*s", name, (int)count, blob);
}

/* Binary attributes take effect when they are closed. */
static void put(const char *name, const void *data, size_t size, size_t piece)
{
    char path[256];
    snprintf(path, sizeof path, ENTRY "/%s", name);
    int file = open(path, O_WRONLY);
    long count = file < 0 ? -1 : 0;
    for (size_t done = 0; count >= 0 && done < size; done += count)
        count = write(file, (const char *)data + done, size - done < piece ? size - done : piece);
    printf("put %zu bytes into %s: %s", size, name, count < 0 ? strerror(errno) : "ok");
    printf(", %s\n", file < 0 ? "-" : close(file) < 0 ? strerror(errno) : "closed");
}

static void put_text(const char *name, const char *text)
{
    printf("%s ", text);
    put(name, text, strlen(text), 4096);
}

static void hex(const char *name, long size)
{
    printf("%s ", name);
    for (long i = 0; i < size; i++)
        printf("%02x", blob[i]);
    printf("\n");
}

static uint32_t word(long offset)
{
    uint32_t value;
    memcpy(&value, blob + offset, 4);
    return value;
}

int main(void)
{
    unsigned char nonce[200];
    struct statfs file_system;

    setvbuf(stdout, NULL, _IOLBF, 0);
    result("mount", mount("none", ROOT, "configfs", 0, NULL));
    statfs(ROOT, &file_system);
    printf("type %lx\n", (unsigned long)file_system.f_type);
    list(ROOT);
    list(ROOT "/tsm");
    list(ROOT "/tsm/report");
    result("mkdir at the top", mkdir(ROOT "/x", 0755));
    result("mkdir in tsm", mkdir(ROOT "/tsm/x", 0755));
    result("mkdir", mkdir(ENTRY, 0700));
    result("mkdir again", mkdir(ENTRY, 0755));
    result("mkdir in an entry", mkdir(ENTRY "/x", 0755));
    list(ROOT "/tsm/report");
    list(ENTRY);
    show("provider");
    show("generation");
    show("privlevel_floor");
    show("privlevel");
    show("inblob");
    show("outblob");
    show("auxblob");
    show("nothing");

    for (int i = 0; i < 200; i++)
        nonce[i] = 0x40 + i;
    put("inblob", nonce, 64, 64);
    show("generation");
    long size = get("outblob", O_RDONLY);
    result("outblob", size);
    printf("version %u vmpl %u, nonce %s\n", word(0), word(0x30), memcmp(blob + 0x50, nonce, 64) ? "another" : "ours");
    hex("TSM-REPORT", size);
    size = get("auxblob", O_RDONLY);
    result("auxblob", size);
    hex("TSM-CERTS", size);
    show("generation");
    show("provider");

    put("inblob", nonce + 1, 64, 7);
    result("outblob", get("outblob", O_RDONLY));
    printf("vmpl %u, nonce %s\n", word(0x30), memcmp(blob + 0x50, nonce + 1, 64) ? "another" : "ours");
    put("inblob", nonce, 65, 65);
    put("inblob", nonce, 200, 32);
    put("inblob", nonce, 0, 1);
    show("generation");
    put("inblob", nonce, 10, 10);
    show("generation");
    result("outblob of a short nonce", get("outblob", O_RDONLY));
    put("inblob", nonce, 64, 64);

    put_text("privlevel", "4");
    put_text("privlevel", "x");
    put_text("privlevel", "");
    put_text("privlevel", "-1");
    put_text("privlevel", "4294967296");
    put_text("privlevel", "0x2");
    put_text("privlevel", "1\n");
    show("generation");
    result("outblob of level 1", get("outblob", O_RDONLY));
    printf("vmpl %u\n", word(0x30));
    put_text("privlevel", "0");
    result("outblob of level 0", get("outblob", O_RDONLY));
    printf("vmpl %u\n", word(0x30));

    put_text("generation", "5");
    put_text("provider", "me");
    put("outblob", nonce, 1, 1);
    result("outblob for both", get("outblob", O_RDWR));
    result("inblob for both", get("inblob", O_RDWR));
    result("create a file", open(ENTRY "/file", O_CREAT | O_WRONLY, 0644));
    result("create a file in report", open(ROOT "/tsm/report/file", O_CREAT | O_WRONLY, 0644));
    result("unlink", unlink(ENTRY "/inblob"));
    result("rename", rename(ENTRY, ROOT "/tsm/report/e1"));
    result("symlink", symlink("x", ROOT "/tsm/report/link"));
    result("truncate", truncate(ENTRY "/privlevel", 0));
    int file = open(ENTRY "/inblob", O_WRONLY | O_TRUNC);
    printf("open with O_TRUNC: %s\n", file < 0 ? strerror(errno) : "ok");
    close(file);
    show("generation");
    file = open(ENTRY "/outblob", O_RDONLY);
    printf("read at 1180: %ld\n", (long)pread(file, blob, 100, 1180));
    printf("read at 1184: %ld\n", (long)pread(file, blob, 100, 1184));
    printf("read at 5000: %ld\n", (long)pread(file, blob, 100, 5000));
    result("seek", lseek(file, 1000, SEEK_SET));
    printf("read from there: %ld\n", (long)read(file, blob, 4096));
    result("seek to the end", lseek(file, 0, SEEK_END));

    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        setgid(1000);
        setuid(1000);
        result("mkdir by nobody special", mkdir(ROOT "/tsm/report/e2", 0755));
        result("outblob of nobody special", get("outblob", O_RDONLY));
        result("rmdir by nobody special", rmdir(ENTRY));
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);

    result("mkdir of another", mkdir(ROOT "/tsm/report/e1", 0755));
    list(ROOT "/tsm/report");
    result("rmdir report", rmdir(ROOT "/tsm/report"));
    result("rmdir tsm", rmdir(ROOT "/tsm"));
    result("rmdir of one that is not there", rmdir(ROOT "/tsm/report/e5"));
    result("rmdir", rmdir(ENTRY));
    printf("read after rmdir: %ld\n", (long)pread(file, blob, 100, 0));
    close(file);
    result("rmdir of another", rmdir(ROOT "/tsm/report/e1"));
    list(ROOT "/tsm/report");
    return 0;
}
