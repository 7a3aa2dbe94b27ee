// The parts of the mock upstream: an epoll loop (mock.c), a heap of what is due later (timers.c), the HTTP it reads
// (http.c), and the answers of the two providers it plays (openai.c, replicate.c).
#pragma once
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum answer { ANSWER_NONE, ANSWER_CHAT, ANSWER_EMBEDDING, ANSWER_CHAT_STREAM, ANSWER_PREDICTION, ANSWER_PREDICTION_STREAM };

typedef struct {
    int fd;
    int slot;  // index in the timer heap, or -1
    int64_t due;

    char *in;
    size_t in_len, in_cap, scanned;
    char *out;
    size_t out_len, out_off, out_cap;
    int want_write, keep_alive;

    enum answer answer;  // what is still being answered
    int chunks, sent, include_usage;
    long delay_us;
} conn;

typedef struct {
    int epoll;
    conn **heap;
    int count, capacity;
} worker;

typedef struct {
    const char *head, *path, *body;
    size_t head_len, path_len, body_len;
    int is_post;
} request;

typedef struct {
    atomic_long requests, streams, chunks, unknown, keyed, connections, aborted, cancelled, predictions;
} counters;

extern counters g_count;
extern char g_date[64];
extern int g_chunks;
extern long g_delay_us, g_latency_us;

int64_t now_ns(void);
#define COUNT(name) atomic_fetch_add_explicit(&g_count.name, 1, memory_order_relaxed)

void timer_clear(worker *w, conn *c);
void timer_set(worker *w, conn *c, int64_t due);

// Sends now what the socket takes and keeps the rest. 0, or -1 when the connection is dead.
int put(worker *w, conn *c, const char *bytes, size_t len);
int put_chunk(worker *w, conn *c, const char *bytes, int len);
int put_json(worker *w, conn *c, const char *status, const char *body);
int put_sse_head(worker *w, conn *c);

// 1 when a whole request is in c->in (its length in *used), 0 when more is needed, -1 when it is malformed.
int http_parse(worker *w, conn *c, request *r, size_t *used);
const char *http_header(const request *r, const char *name_and_colon);
char *http_json(const char *status, const char *body, size_t *len);

static inline int path_is(const request *r, const char *path) {
    return r->path_len == strlen(path) && !memcmp(r->path, path, r->path_len);
}

static inline int path_starts(const request *r, const char *prefix) {
    return r->path_len > strlen(prefix) && !memcmp(r->path, prefix, strlen(prefix));
}

static inline int path_ends(const request *r, const char *suffix) {
    size_t n = strlen(suffix);
    return r->path_len > n && !memcmp(r->path + r->path_len - n, suffix, n);
}

// Each provider: 1 when the path is its own (c->answer then says what is still to come), 0 when not, -1 when dead.
void openai_build(void);
int openai_route(worker *w, conn *c, const request *r);
int openai_answer(worker *w, conn *c);
int openai_step(worker *w, conn *c);
int replicate_route(worker *w, conn *c, const request *r);
int replicate_step(worker *w, conn *c);
