/* A bare event scan with libyaml: the least that a reader built on it can cost. */

#include "measure.h"
#include <yaml.h>

static uint64_t scan(void *context)
{
    const struct input *input = context;
    yaml_parser_t parser;
    yaml_event_t event;
    uint64_t events = 0;
    int done = 0;
    if (!yaml_parser_initialize(&parser))
        return 0;
    yaml_parser_set_input_string(&parser, (const unsigned char *)input->text, input->length);
    while (!done) {
        if (!yaml_parser_parse(&parser, &event)) {
            events = 0;
            break;
        }
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        events++;
    }
    yaml_parser_delete(&parser);
    return events;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "version") == 0) {
        printf("%s\n", yaml_get_version_string());
        return 0;
    }
    if (argc != 6 || strcmp(argv[1], "scan") != 0)
        fail("usage: libyaml scan WARM_UP AT_LEAST MILLISECONDS FILE");
    struct input input = slurp(argv[5]);
    measure(argv, scan, &input);
    return 0;
}
