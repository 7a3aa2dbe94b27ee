// One thread, one epoll, many connections. loadgen.c hands out the work, reply.c reads what comes back.
#pragma once
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "histogram.h"

enum mode { OPEN, CLOSED, STREAM, ONCE };
enum reading { HEAD, SIZED, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILER, UNTIL_CLOSE };

typedef struct {
    int fd, busy;
    size_t sent;
    int64_t due, begun;

    enum reading reading;
    int status, close_after, first_seen, done_seen, expected_seen;
    size_t left;
    char head[16384];
    int head_len;
    char line[1024];
    int line_len;
    char size[32];
    int size_len;
} conn;

typedef struct {
    long ok, errors, bad_status, bad_http, lost, unfinished, unexpected, events, bytes;
    int last_status;
    char first_bad[400];
    histogram latency, first_chunk, chunk;
} tally;

extern enum mode g_mode;
extern const char *g_expect;
extern tally g_tally;

static inline size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

void reply_begin(conn *c);
// 1 when the reply is whole, 0 when more is to come, -1 when it is not HTTP.
int reply_feed(conn *c, const char *bytes, size_t len, int64_t now);
