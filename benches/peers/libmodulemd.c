/* The work of the benchmark `modulemd`, done by libmodulemd. Everything that a job makes it also frees. */

#include "measure.h"
#include <modulemd.h>

struct job {
    struct input first;
    struct input second;
    gboolean strict;
    ModulemdModuleIndex *index;
};

static ModulemdModuleIndex *read_index(const struct input *input, gboolean strict)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) failures = NULL;
    ModulemdModuleIndex *index = modulemd_module_index_new();
    if (!modulemd_module_index_update_from_string(index, input->text, strict, &failures, &error))
        fail(error ? error->message : "a document was refused");
    return index;
}

static uint64_t count(ModulemdModuleIndex *index)
{
    g_auto(GStrv) names = modulemd_module_index_get_module_names_as_strv(index);
    return g_strv_length(names);
}

static uint64_t dump_index(ModulemdModuleIndex *index)
{
    g_autoptr(GError) error = NULL;
    g_autofree gchar *text = modulemd_module_index_dump_to_string(index, &error);
    if (!text)
        fail(error->message);
    return strlen(text);
}

static uint64_t read_job(void *context)
{
    struct job *job = context;
    g_autoptr(ModulemdModuleIndex) index = read_index(&job->first, job->strict);
    return count(index);
}

static uint64_t dump_job(void *context)
{
    return dump_index(((struct job *)context)->index);
}

static uint64_t merge_job(void *context)
{
    struct job *job = context;
    g_autoptr(GError) error = NULL;
    g_autoptr(ModulemdModuleIndex) first = read_index(&job->first, job->strict);
    g_autoptr(ModulemdModuleIndex) second = read_index(&job->second, job->strict);
    g_autoptr(ModulemdModuleIndexMerger) merger = modulemd_module_index_merger_new();
    modulemd_module_index_merger_associate_index(merger, first, 0);
    modulemd_module_index_merger_associate_index(merger, second, 0);
    g_autoptr(ModulemdModuleIndex) merged = modulemd_module_index_merger_resolve(merger, &error);
    if (!merged)
        fail(error->message);
    return dump_index(merged);
}

/* Growth of a fresh process by one read, the buffer with the input included. */
static void memory_job(const char *path)
{
    struct resident before = resident_now();
    struct input input = slurp(path);
    ModulemdModuleIndex *index = read_index(&input, FALSE);
    struct resident after = resident_now();
    printf("%llu %llu %llu %llu\n", (unsigned long long)grown(after.peak, before.peak),
           (unsigned long long)count(index), (unsigned long long)grown(after.own, before.own),
           (unsigned long long)grown(after.files, before.files));
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "version") == 0) {
        printf("%s\n", modulemd_get_version());
        return 0;
    }
    if (argc < 6)
        fail("usage: libmodulemd JOB WARM_UP AT_LEAST MILLISECONDS FILE...");
    const char *name = argv[1];
    if (strcmp(name, "memory") == 0) {
        memory_job(argv[5]);
        return 0;
    }
    struct job job = {.first = slurp(argv[5]), .strict = strcmp(name, "read-strict") == 0};
    if (strcmp(name, "read") == 0 || strcmp(name, "read-strict") == 0) {
        measure(argv, read_job, &job);
    } else if (strcmp(name, "dump") == 0) {
        job.index = read_index(&job.first, FALSE);
        measure(argv, dump_job, &job);
    } else if (strcmp(name, "merge") == 0 && argc == 7) {
        job.second = slurp(argv[6]);
        measure(argv, merge_job, &job);
    } else {
        fail("no such job");
    }
    return 0;
}
