/* What the processor refuses becomes a signal, and only that: the process dies or goes on, and the kernel stays. */
#include "show.h"

static void null_read(void) { *(volatile int *)0; }
static void halt(void) { __asm__ volatile("hlt"); }
static void output(void) { __asm__ volatile("outb %%al, $0x80" ::: "memory"); }
static void read_control(void) { __asm__ volatile("mov %%cr0, %%rax" ::: "rax"); }
static void read_msr(void) { __asm__ volatile("rdmsr" :: "c"(0xC0000080) : "rax", "rdx"); }
static void write_msr(void) { __asm__ volatile("wrmsr" :: "c"(0xC0000102), "a"(0), "d"(0)); }
static void clear_interrupts(void) { __asm__ volatile("cli"); }
static void far_jump(void) { __asm__ volatile("mov $0x800000000000, %%rax; jmp *%%rax" ::: "rax"); }
static void kernel_jump(void) { __asm__ volatile("mov $0xffffffff80000000, %%rax; jmp *%%rax" ::: "rax"); }
static void kernel_read(void) { *(volatile int *)0xffffffff80000000; }
static void divide(void) { __asm__ volatile("xor %%edx, %%edx; mov $1, %%eax; xor %%ecx, %%ecx; div %%ecx" ::: "rax", "rcx", "rdx"); }
static void undefined(void) { __asm__ volatile("ud2"); }
static void breakpoint(void) { __asm__ volatile("int3"); }
static void icebp(void) { __asm__ volatile(".byte 0xf1"); }
static void overflow_vector(void) { __asm__ volatile("int $4"); }
static void page_fault_vector(void) { __asm__ volatile("int $14"); }
static void unused_vector(void) { __asm__ volatile("int $0x81"); }
static void timer_vector(void) { __asm__ volatile("int $0x40"); }
static void trap_flag(void) { __asm__ volatile("pushfq; orq $0x100, (%%rsp); popfq; nop" ::: "memory"); }
static void trap_flag_call(void) { __asm__ volatile("pushfq; orq $0x100, (%%rsp); popfq; mov $39, %%eax; syscall; nop" ::: "rax", "rcx", "r11", "memory"); }
static void nested_flag(void) { __asm__ volatile("pushfq; orq $0x4000, (%%rsp); popfq; mov $39, %%eax; syscall" ::: "rax", "rcx", "r11", "memory"); }
static void no_stack(void) { __asm__ volatile("xor %%esp, %%esp; mov $39, %%eax; syscall; push %%rax" ::: "memory"); }
static void stack_in_kernel(void) { __asm__ volatile("mov $0xffffffff80000000, %%rsp; mov $39, %%eax; syscall; push %%rax" ::: "memory"); }
static void stack_nowhere(void) { __asm__ volatile("mov $0x123456789abcdef0, %%rsp; mov $39, %%eax; syscall; ud2" ::: "memory"); }

static void bad_mxcsr(void)
{
    unsigned control = 0x1F80 & ~0x200; /* division by zero unmasked */
    __asm__ volatile("ldmxcsr %0; xorps %%xmm0, %%xmm0; mov $1, %%eax; cvtsi2ss %%eax, %%xmm1; divss %%xmm0, %%xmm1" :: "m"(control) : "rax", "xmm0", "xmm1");
}

static void kernel_with_unmasked_floats(void)
{
    static char bytes[5000];
    unsigned control = 0; /* everything unmasked: must not matter to the kernel */
    int ends[2];
    if (pipe(ends)) _exit(1);
    __asm__ volatile("ldmxcsr %0" :: "m"(control));
    for (int i = 0; i < 50; i++) { if (write(ends[1], bytes, sizeof bytes) != sizeof bytes || read(ends[0], bytes, sizeof bytes) != sizeof bytes) _exit(2); }
}

int main(void)
{
#define CASE(f) { #f, f }
    static const struct { const char *name; void (*run)(void); } cases[] = {
        CASE(null_read), CASE(halt), CASE(output), CASE(read_control), CASE(read_msr), CASE(write_msr), CASE(clear_interrupts), CASE(far_jump),
        CASE(kernel_jump), CASE(kernel_read), CASE(divide), CASE(undefined), CASE(breakpoint), CASE(icebp), CASE(overflow_vector),
        CASE(page_fault_vector), CASE(unused_vector), CASE(timer_vector), CASE(trap_flag), CASE(trap_flag_call), CASE(nested_flag), CASE(no_stack),
        CASE(stack_in_kernel), CASE(stack_nowhere), CASE(bad_mxcsr), CASE(kernel_with_unmasked_floats),
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        pid_t child = fork();
        if (child == 0) { cases[i].run(); _exit(0); }
        int status;
        waitpid(child, &status, 0);
        printf("%s: %s %d\n", cases[i].name, WIFSIGNALED(status) ? "signal" : "exit", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    }
    return 0;
}
