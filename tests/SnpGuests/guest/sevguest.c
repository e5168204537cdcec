/*
 * Asks the security processor through Linux's /dev/sev-guest and prints what it answers in hexadecimal digits:
 *   REPORT ...   the answer to a report request with 64 bytes of data 0x00, 0x01, ...
 *   CERTS ...    the certificate table of the extended request
 *   KEY ...      a derived key that depends on the measurement
 * A failure prints FAILED with errno and the firmware's status.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

/* include/uapi/linux/sev-guest.h */
struct report_req { uint8_t user_data[64]; uint32_t vmpl; uint8_t reserved[28]; };
struct report_resp { uint8_t data[4000]; };
struct key_req { uint32_t root_key_select; uint32_t reserved; uint64_t guest_field_select; uint32_t vmpl; uint32_t guest_svn; uint64_t tcb_version; };
struct key_resp { uint8_t data[64]; };
struct request { uint8_t msg_version; uint64_t req_data; uint64_t resp_data; uint64_t exitinfo2; };
struct ext_req { struct report_req data; uint64_t certs_address; uint32_t certs_len; };
#define SNP_GET_REPORT _IOWR('S', 0x0, struct request)
#define SNP_GET_DERIVED_KEY _IOWR('S', 0x1, struct request)
#define SNP_GET_EXT_REPORT _IOWR('S', 0x2, struct request)

static int device;

static int ask(unsigned long code, void *question, void *answer, const char *what)
{
    struct request r = { 1, (uint64_t)(unsigned long)question, (uint64_t)(unsigned long)answer, 0 };
    if (ioctl(device, code, &r) == 0)
        return 1;
    printf("FAILED %s errno %d exitinfo2 %llx\n", what, errno, (unsigned long long)r.exitinfo2);
    return 0;
}

static void show(const char *name, const unsigned char *data, unsigned size)
{
    printf("%s ", name);
    for (unsigned i = 0; i < size; i++)
        printf("%02x", data[i]);
    printf("\n");
}

/* Bytes of a certificate table: entries of GUID, offset and length up to one that is all zero, then what they point to. */
static unsigned table_size(const unsigned char *table, unsigned limit)
{
    unsigned size = 24;
    for (unsigned entry = 0; entry + 24 <= limit; entry += 24) {
        uint32_t place[2];
        memcpy(place, table + entry + 16, sizeof place);
        if (place[1] == 0)
            break;
        if (place[0] + place[1] > size)
            size = place[0] + place[1];
    }
    return size < limit ? size : limit;
}

int main(int argc, char **argv)
{
    static struct report_req question;
    static struct report_resp answer;
    static struct key_req key_question;
    static struct key_resp key_answer;
    static struct ext_req ext;
    static unsigned char certificates[0x4000] __attribute__((aligned(4096)));
    int times = argc > 1 ? atoi(argv[1]) : 1;

    device = open("/dev/sev-guest", O_RDWR);
    if (device < 0) {
        printf("FAILED open errno %d\n", errno);
        return 1;
    }
    for (unsigned i = 0; i < 64; i++)
        question.user_data[i] = i;
    for (int i = 0; i < times; i++)
        if (!ask(SNP_GET_REPORT, &question, &answer, "report"))
            return 1;
    show("REPORT", answer.data + 32, 0x4a0);

    ext.data = question;
    ext.certs_address = (uint64_t)(unsigned long)certificates;
    ext.certs_len = sizeof certificates;
    if (!ask(SNP_GET_EXT_REPORT, &ext, &answer, "extended report"))
        return 1;
    show("CERTS", certificates, table_size(certificates, sizeof certificates));

    key_question.guest_field_select = 8;
    if (!ask(SNP_GET_DERIVED_KEY, &key_question, &key_answer, "key"))
        return 1;
    show("KEY", key_answer.data + 32, 32);
    return 0;
}
