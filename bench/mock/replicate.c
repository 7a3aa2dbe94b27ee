// The Replicate side: model schemas, predictions (blocking and not), their event streams, cancel.
// A prediction is not remembered: its id says how many chunks its stream has and how far apart they are.
#include <stdio.h>
#include <strings.h>

#include "mock.h"

enum { ID_SIZE = 64, MOST_OUTPUTS = 256 };

static int put_model(worker *w, conn *c, const char *name, int len) {
    char b[2600];
    snprintf(b, sizeof b,
             "{\"url\":\"https://replicate.com/%.*s\",\"owner\":\"%.*s\",\"name\":\"%.*s\",\"visibility\":\"public\",\"is_official\":true,"
             "\"run_count\":1,\"default_example\":null,\"latest_version\":{"
             "\"id\":\"5a6809ca6288247d06daf6365557e5e429063f32a21146b2a807c682652136b8\",\"created_at\":\"2024-04-17T21:44:58.480057Z\","
             "\"cog_version\":\"0.9.5\",\"openapi_schema\":{\"openapi\":\"3.0.2\",\"info\":{\"title\":\"Cog\",\"version\":\"0.1.0\"},"
             "\"paths\":{},"
             "\"components\":{\"schemas\":{"
             "\"Input\":{\"type\":\"object\",\"title\":\"Input\",\"required\":[\"prompt\"],\"properties\":{"
             "\"prompt\":{\"type\":\"string\",\"title\":\"Prompt\",\"x-order\":0},"
             "\"max_tokens\":{\"type\":\"integer\",\"title\":\"Max Tokens\",\"default\":512,\"minimum\":1,\"x-order\":1},"
             "\"temperature\":{\"type\":\"number\",\"title\":\"Temperature\",\"default\":0.7,\"minimum\":0,\"maximum\":5,\"x-order\":2},"
             "\"top_p\":{\"type\":\"number\",\"title\":\"Top P\",\"default\":0.95,\"minimum\":0,\"maximum\":1,\"x-order\":3},"
             "\"prompt_template\":{\"type\":\"string\",\"title\":\"Prompt Template\",\"default\":\"{prompt}\",\"x-order\":4}}},"
             "\"Output\":{\"type\":\"array\",\"title\":\"Output\",\"items\":{\"type\":\"string\"},\"x-cog-array-type\":\"iterator\","
             "\"x-cog-array-display\":\"concatenate\"}}}}}}",
             len, name, (int)((const char *)memchr(name, '/', len) - name), name,
             (int)(name + len - (const char *)memchr(name, '/', len) - 1), (const char *)memchr(name, '/', len) + 1);
    return put_json(w, c, "200 OK", b);
}

static int outputs(char *b, int count) {
    int n = sprintf(b, "[");
    if (count > MOST_OUTPUTS) count = MOST_OUTPUTS;
    for (int i = 0; i < count; i++) n += sprintf(b + n, "%s\" token\"", i ? "," : "");
    return n + sprintf(b + n, "]");
}

static int put_prediction(worker *w, conn *c, const request *r, const char *http_status, const char *id, int chunks, const char *status) {
    char b[2048 + MOST_OUTPUTS * 10], host[128] = "127.0.0.1";
    const char *given = http_header(r, "host:");
    if (given) snprintf(host, sizeof host, "%.*s", (int)strcspn(given, "\r\n"), given);
    int n = sprintf(b,
                    "{\"id\":\"%s\",\"model\":\"meta/meta-llama-3-8b-instruct\",\"version\":\"hidden\",\"input\":{\"prompt\":\"hi\"},"
                    "\"logs\":\"\",\"error\":null,\"data_removed\":false,\"status\":\"%s\",\"created_at\":\"2025-01-01T00:00:00.000Z\",",
                    id, status);
    if (!strcmp(status, "succeeded")) {
        n += sprintf(b + n,
                     "\"started_at\":\"2025-01-01T00:00:00.010Z\",\"completed_at\":\"2025-01-01T00:00:00.500Z\",\"metrics\":{"
                     "\"predict_time\":0.49,\"total_time\":0.5,\"input_token_count\":42,\"output_token_count\":%d},\"output\":",
                     chunks);
        n += outputs(b + n, chunks);
    } else
        n += sprintf(b + n, "\"started_at\":null,\"completed_at\":null,\"output\":null");
    sprintf(b + n,
            ",\"urls\":{\"get\":\"http://%s/v1/predictions/%s\",\"cancel\":\"http://%s/v1/predictions/%s/cancel\","
            "\"stream\":\"http://%s/v1/streams/%s\"}}",
            host, id, host, id, host, id);
    return put_json(w, c, http_status, b);
}

static int create(worker *w, conn *c, const request *r) {
    static atomic_long ids;
    char id[ID_SIZE];
    sprintf(id, "m%08ldc%dd%ld", atomic_fetch_add(&ids, 1), c->chunks, c->delay_us);
    COUNT(predictions);
    const char *prefer = http_header(r, "prefer:");
    int waits = prefer && !strncasecmp(prefer, "wait", 4);
    return put_prediction(w, c, r, "201 Created", id, c->chunks, waits ? "succeeded" : "starting");
}

// Reads the id in the path from `at`; answers 404 to one it did not make.
static int recall(conn *c, const request *r, size_t at, char id[ID_SIZE]) {
    size_t len = strcspn(r->path + at, "/ ?");
    if (len >= ID_SIZE) return -1;
    memcpy(id, r->path + at, len);
    id[len] = 0;
    return sscanf(id, "m%*[0-9]c%dd%ld", &c->chunks, &c->delay_us) == 2 ? 0 : -1;
}

static int not_found(worker *w, conn *c) {
    COUNT(unknown);
    return put_json(w, c, "404 Not Found", "{\"detail\":\"The requested resource could not be found.\",\"status\":404}") ? -1 : 1;
}

int replicate_route(worker *w, conn *c, const request *r) {
    char id[ID_SIZE];
    if (r->is_post && path_ends(r, "/predictions")) return create(w, c, r) ? -1 : 1;
    if (path_starts(r, "/v1/streams/")) {
        if (recall(c, r, strlen("/v1/streams/"), id)) return not_found(w, c);
        c->answer = ANSWER_PREDICTION_STREAM;
        return 1;
    }
    if (path_starts(r, "/v1/predictions/")) {
        if (recall(c, r, strlen("/v1/predictions/"), id)) return not_found(w, c);
        if (!r->is_post) return put_prediction(w, c, r, "200 OK", id, c->chunks, "succeeded") ? -1 : 1;
        if (!path_ends(r, "/cancel")) return not_found(w, c);
        COUNT(cancelled);
        return put_prediction(w, c, r, "200 OK", id, 0, "canceled") ? -1 : 1;
    }
    if (!path_starts(r, "/v1/models/")) return 0;
    const char *name = r->path + strlen("/v1/models/");
    int len = r->path_len - strlen("/v1/models/");
    if (len > 100 || !memchr(name, '/', len)) return not_found(w, c);
    return put_model(w, c, name, len) ? -1 : 1;
}

// Sends what is due. 1 finished, 0 more to come, -1 dead.
int replicate_step(worker *w, conn *c) {
    char b[256];
    do {
        int n = sprintf(b, "event: output\nid: 1700000000:%d\ndata: @%lld@ \n\n", c->sent, (long long)now_ns());
        if (put_chunk(w, c, b, n)) return -1;
        if (++c->sent >= c->chunks) {
            if (put_chunk(w, c, b, sprintf(b, "event: done\nid: 1700000000:end\ndata: {}\n\n"))) return -1;
            return put(w, c, "0\r\n\r\n", 5) ? -1 : 1;
        }
    } while (c->delay_us == 0);
    return 0;
}
