/*
 * A workload of one static program: says hello and, where there is a security processor, prints the report that it gets for the
 * 64 bytes 0x00, 0x01, ... in hexadecimal digits. Ends with status 8.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>

/* include/uapi/linux/sev-guest.h */
struct report_req { uint8_t user_data[64]; uint32_t vmpl; uint8_t reserved[28]; };
struct report_resp { uint8_t data[4000]; };
struct request { uint8_t msg_version; uint64_t req_data; uint64_t resp_data; uint64_t exitinfo2; };
#define SNP_GET_REPORT _IOWR('S', 0x0, struct request)

static void print_report(int device)
{
    static struct report_req question;
    static struct report_resp answer;
    struct request request = { 1, (uintptr_t)&question, (uintptr_t)&answer, 0 };

    for (unsigned i = 0; i < sizeof question.user_data; i++)
        question.user_data[i] = i;
    if (ioctl(device, SNP_GET_REPORT, &request) != 0) {
        printf("NO-REPORT exitinfo2 %llx\n", (unsigned long long)request.exitinfo2);
        return;
    }
    printf("REPORT ");
    for (unsigned i = 32; i < 32 + 0x4a0; i++)
        printf("%02x", answer.data[i]);
    printf("\n");
}

int main(void)
{
    int device;

    puts("hello from musl");
    mkdir("/dev", 0755);
    mount("dev", "/dev", "devtmpfs", 0, NULL);
    device = open("/dev/sev-guest", O_RDWR);
    if (device >= 0)
        print_report(device);
    return 8;
}
