/* What both C programs share: the same measurement that `benches/src/modulemd/measure.rs` does on the Rust side.
 *
 * The caller passes: JOB WARM_UP AT_LEAST MILLISECONDS FILE...
 * The answer is one line: user nanoseconds per iteration, fewest nanoseconds of one iteration (user and kernel, this
 * thread), instructions per iteration (0: not counted), what the work produced. */

#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct input {
    char *text;
    size_t length;
};

/* Does the work once; the result is a number that shows that it was done, 0 if it failed. */
typedef uint64_t (*work_fn)(void *context);

static inline void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static inline struct input slurp(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        fail("cannot open the input");
    long length = ftell(file);
    rewind(file);
    struct input input = {malloc((size_t)length + 1), (size_t)length};
    if (!input.text || fread(input.text, 1, input.length, file) != input.length)
        fail("cannot read the input");
    input.text[input.length] = '\0';
    fclose(file);
    return input;
}

static inline uint64_t thread_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline uint64_t user_time(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)usage.ru_utime.tv_sec * 1000000000u + (uint64_t)usage.ru_utime.tv_usec * 1000u;
}

/* Resident memory in bytes: the most so far, and now, what the process made itself and what is of files.
 * `getrusage` would count what ran before `execve`. */
struct resident {
    uint64_t peak, own, files;
};

static inline struct resident resident_now(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    struct resident now = {0, 0, 0};
    unsigned long long kilobytes;
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "VmHWM: %llu kB", &kilobytes) == 1)
            now.peak = kilobytes * 1024u;
        else if (sscanf(line, "RssAnon: %llu kB", &kilobytes) == 1)
            now.own = kilobytes * 1024u;
        else if (sscanf(line, "RssFile: %llu kB", &kilobytes) == 1)
            now.files = kilobytes * 1024u;
    }
    if (file)
        fclose(file);
    return now;
}

static inline uint64_t grown(uint64_t after, uint64_t before)
{
    return after > before ? after - before : 0;
}

static inline int open_counter(void)
{
    struct perf_event_attr wanted;
    memset(&wanted, 0, sizeof wanted);
    wanted.size = sizeof wanted;
    wanted.type = PERF_TYPE_HARDWARE;
    wanted.config = PERF_COUNT_HW_INSTRUCTIONS;
    wanted.disabled = 1;
    wanted.exclude_kernel = 1;
    wanted.exclude_hv = 1;
    return (int)syscall(SYS_perf_event_open, &wanted, 0, -1, -1, 0);
}

static inline void measure(char **argv, work_fn work, void *context)
{
    uint64_t warm_up = strtoull(argv[2], NULL, 10);
    uint64_t at_least = strtoull(argv[3], NULL, 10);
    uint64_t spend = strtoull(argv[4], NULL, 10) * 1000000u;
    uint64_t result = 0, iterations = 0, best = UINT64_MAX, total = 0, instructions = 0;
    while (warm_up-- > 0)
        result = work(context);
    int counter = open_counter();
    uint64_t user = user_time();
    if (counter >= 0)
        ioctl(counter, PERF_EVENT_IOC_ENABLE, 0);
    while (iterations < at_least || total < spend) {
        uint64_t begin = thread_time();
        result = work(context);
        uint64_t took = thread_time() - begin;
        best = took < best ? took : best;
        total += took;
        iterations++;
        if (result == 0)
            fail("the work failed");
    }
    if (counter < 0 || ioctl(counter, PERF_EVENT_IOC_DISABLE, 0) != 0 ||
        read(counter, &instructions, sizeof instructions) != (ssize_t)sizeof instructions)
        instructions = 0;
    user = user_time() - user;
    printf("%llu %llu %llu %llu\n", (unsigned long long)(user / iterations), (unsigned long long)best,
           (unsigned long long)(instructions / iterations), (unsigned long long)result);
}
