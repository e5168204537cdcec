/*
 * What Linux's /dev/sev-guest answers to everything but a right request: errno, exitinfo2 and what it wrote back, one line a question.
 * The last question wears the key of the message channel out: after it nothing is answered any more.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

/* include/uapi/linux/sev-guest.h */
struct report_req { uint8_t user_data[64]; uint32_t vmpl; uint8_t reserved[28]; };
struct key_req { uint32_t root_key_select; uint32_t reserved; uint64_t guest_field_select; uint32_t vmpl; uint32_t guest_svn; uint64_t tcb_version; };
struct request { uint8_t msg_version; uint64_t req_data; uint64_t resp_data; uint64_t exitinfo2; };
struct ext_req { struct report_req data; uint64_t certs_address; uint32_t certs_len; };
#define GET_REPORT _IOWR('S', 0x0, struct request)
#define GET_DERIVED_KEY _IOWR('S', 0x1, struct request)
#define GET_EXT_REPORT _IOWR('S', 0x2, struct request)
#define UNTOUCHED 0x1234

static int device;
static struct report_req question;
static struct key_req key_question;
static struct ext_req ext;
static unsigned char answer[4000], certificates[0x5000] __attribute__((aligned(4096)));

static void result(const char *what, long value)
{
    if (value < 0)
        printf("%s: %s\n", what, strerror(errno));
    else
        printf("%s: %ld\n", what, value);
}

static void ask(const char *what, unsigned long code, int version, const void *data, const void *response)
{
    struct request r = { version, (uint64_t)(unsigned long)data, (uint64_t)(unsigned long)response, UNTOUCHED };
    memset(answer, 0xAA, sizeof answer);
    long value = ioctl(device, code, &r);
    int error = errno;
    printf("%s: %s, exitinfo2 %llx", what, value < 0 ? strerror(error) : "ok", (unsigned long long)r.exitinfo2);
    if (value == 0)
        printf(", status %x, size %x, last byte %x", *(uint32_t *)answer, *(uint32_t *)(answer + 4), answer[sizeof answer - 1]);
    printf("\n");
}

static void ask_ext(const char *what, uint64_t address, uint32_t length)
{
    memset(certificates, 0xAA, sizeof certificates);
    ext.certs_address = address;
    ext.certs_len = length;
    ask(what, GET_EXT_REPORT, 1, &ext, answer);
    printf("  certs_len %x, first bytes %02x%02x%02x%02x, byte 3000 %02x\n", ext.certs_len, certificates[0], certificates[1], certificates[2], certificates[3], certificates[0x3000]);
}

int main(void)
{
    struct stat status;
    char byte = 0;
    void *const unmapped = (void *)0x10000;
    void *const beyond = (void *)0xffff800000000000;

    setvbuf(stdout, NULL, _IOLBF, 0);
    stat("/dev/sev-guest", &status);
    printf("node: mode %o, owner %d:%d, major %d\n", status.st_mode, status.st_uid, status.st_gid, major(status.st_rdev));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        setgid(1000);
        setuid(1000);
        result("open by nobody special", open("/dev/sev-guest", O_RDWR));
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);

    device = open("/dev/sev-guest", O_RDONLY);
    printf("open for reading: %s\n", device < 0 ? strerror(errno) : "ok");
    result("read", read(device, &byte, 1));
    result("write", write(device, &byte, 1));
    result("lseek", lseek(device, 0, SEEK_SET));
    result("mmap", mmap(NULL, 4096, PROT_READ, MAP_SHARED, device, 0) == MAP_FAILED ? -1 : 0);
    struct pollfd polled = { device, POLLIN | POLLOUT, 0 };
    result("poll", poll(&polled, 1, 0));
    printf("events %x\n", polled.revents);
    result("no argument", ioctl(device, GET_REPORT, NULL));
    result("unknown request without argument", ioctl(device, 0x5401, NULL));

    ask("unknown request", _IOWR('S', 0x3, struct request), 1, &question, answer);
    ask("another size", _IOWR('S', 0x0, struct report_req), 1, &question, answer);
    ask("version 0", GET_REPORT, 0, &question, answer);
    ask("no question", GET_REPORT, 1, NULL, answer);
    ask("no place for the answer", GET_REPORT, 1, &question, NULL);
    ask("no question for a key", GET_DERIVED_KEY, 1, NULL, answer);
    ask("no question of the extended kind", GET_EXT_REPORT, 1, NULL, answer);
    ask("question nowhere", GET_REPORT, 1, unmapped, answer);
    ask("question in the kernel", GET_REPORT, 1, beyond, answer);
    ask("key question nowhere", GET_DERIVED_KEY, 1, unmapped, answer);
    ask("answer nowhere", GET_REPORT, 1, &question, unmapped);
    ask("key nowhere", GET_DERIVED_KEY, 1, &key_question, unmapped);
    ask("right", GET_REPORT, 1, &question, answer);
    question.reserved[0] = 2;
    ask("signed by a VLEK that is not there", GET_REPORT, 1, &question, answer);
    question.reserved[0] = 0;
    key_question.root_key_select = 4;
    ask("key of a VLEK that is not there", GET_DERIVED_KEY, 1, &key_question, answer);
    key_question.root_key_select = 0;

    ask_ext("no certificates wanted", 0, 0);
    ask_ext("no place for certificates", 0, 0x4000);
    ask_ext("no room for certificates", (unsigned long)certificates, 0);
    ask_ext("one page", (unsigned long)certificates, 0x1000);
    ask_ext("not whole pages", (unsigned long)certificates, 0x3001);
    ask_ext("too many pages", (unsigned long)certificates, 0x5000);
    ask_ext("certificates in the kernel", (unsigned long)beyond, 0x4000);
    ask_ext("certificates nowhere", (unsigned long)unmapped, 0x4000);
    ask_ext("at an odd place", (unsigned long)certificates + 1, 0x4000);
    ask_ext("right", (unsigned long)certificates, 0x4000);

    ask("a version that comes back as another", GET_REPORT, 2, &question, answer);
    ask("after that", GET_REPORT, 1, &question, answer);
    ask("a key after that", GET_DERIVED_KEY, 1, &key_question, answer);
    ask("version 0 after that", GET_REPORT, 0, &question, answer);
    ask("unknown request after that", _IOWR('S', 0x3, struct request), 1, &question, answer);
    return 0;
}
