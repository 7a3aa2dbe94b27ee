// Reads HTTP/1.1 replies as they come, and in a stream's reply the moments the mock wrote into its chunks.
#include <strings.h>

#include "loadgen.h"

void reply_begin(conn *c) {
    c->reading = HEAD;
    c->status = c->close_after = c->first_seen = c->done_seen = 0;
    c->head_len = c->line_len = c->size_len = 0;
    c->expected_seen = !g_expect;
}

static void on_line(conn *c, int64_t now) {
    const char *line = c->line;
    if (c->line_len < 5 || memcmp(line, "data:", 5)) return;
    g_tally.events++;
    if (memmem(line, c->line_len, "[DONE]", 6)) {
        c->done_seen = 1;
        return;
    }
    const char *stamp = memchr(line, '@', c->line_len);
    if (!stamp || stamp[1] < '0' || stamp[1] > '9') return;
    if (!c->first_seen) histogram_add(&g_tally.first_chunk, now - c->begun);
    c->first_seen = 1;
    histogram_add(&g_tally.chunk, now - strtoll(stamp + 1, NULL, 10));
}

static void on_event_bytes(conn *c, const char *p, size_t n, int64_t now) {
    while (n) {
        const char *end = memchr(p, '\n', n);
        size_t len = end ? (size_t)(end - p) : n, room = sizeof c->line - 1 - c->line_len;
        memcpy(c->line + c->line_len, p, least(len, room));
        c->line_len += least(len, room);
        if (!end) return;
        c->line[c->line_len] = 0;
        on_line(c, now);
        c->line_len = 0;
        p = end + 1;
        n -= len + 1;
    }
}

// Enough for an answer that comes whole or in a few reads: the text is looked for in each, and in the ends joined.
static void look_for_expected(conn *c, const char *p, size_t n) {
    size_t want = strlen(g_expect), len = least(n, 500);
    if (c->line_len + len > 1000) c->line_len = 0;
    memcpy(c->line + c->line_len, p, len);
    c->line_len += len;
    c->expected_seen = memmem(p, n, g_expect, want) || memmem(c->line, c->line_len, g_expect, want);
}

static void on_body(conn *c, const char *p, size_t n, int64_t now) {
    g_tally.bytes += n;
    if (c->status != 200 && !g_tally.first_bad[0]) memcpy(g_tally.first_bad, p, least(n, sizeof g_tally.first_bad - 1));
    if (g_mode == STREAM)
        on_event_bytes(c, p, n, now);
    else if (!c->expected_seen)
        look_for_expected(c, p, n);
}

static const char *header(const conn *c, const char *name_and_colon) {
    size_t l = strlen(name_and_colon);
    const char *p = c->head, *end = c->head + c->head_len;
    while ((p = memchr(p, '\n', end - p))) {
        p++;
        if ((size_t)(end - p) <= l || strncasecmp(p, name_and_colon, l)) continue;
        p += l;
        while (*p == ' ') p++;
        return p;
    }
    return NULL;
}

static void on_head(conn *c) {
    const char *length = header(c, "content-length:"), *coding = header(c, "transfer-encoding:"), *connection = header(c, "connection:");
    c->close_after = connection && !strncasecmp(connection, "close", 5);
    if (coding && !strncasecmp(coding, "chunked", 7))
        c->reading = CHUNK_SIZE;
    else if (length) {
        c->left = strtoul(length, NULL, 10);
        c->reading = SIZED;
    } else {
        c->reading = UNTIL_CLOSE;
        c->close_after = 1;
    }
}

// Takes what belongs to the head. The bytes used, or -1 when the head is too long.
static long take_head(conn *c, const char *p, size_t n) {
    size_t len = least(n, sizeof c->head - 1 - c->head_len);
    int from = c->head_len > 3 ? c->head_len - 3 : 0;
    memcpy(c->head + c->head_len, p, len);
    char *end = memmem(c->head + from, c->head_len + len - from, "\r\n\r\n", 4);
    if (!end) {
        c->head_len += len;
        return c->head_len >= (int)sizeof c->head - 1 ? -1 : (long)len;
    }
    long used = end + 4 - c->head - c->head_len;
    c->head_len += used;
    c->head[c->head_len] = 0;
    c->status = atoi(c->head + 9);
    if (c->status == 100)
        c->head_len = 0;
    else
        on_head(c);
    return used;
}

static int take_chunk_size(conn *c, char ch) {
    if (ch != '\n') {
        if (c->size_len > 30) return -1;
        c->size[c->size_len++] = ch;
        return 0;
    }
    c->size[c->size_len] = 0;
    c->left = strtoul(c->size, NULL, 16);
    c->size_len = 0;
    c->reading = c->left ? CHUNK_DATA : TRAILER;
    return 0;
}

int reply_feed(conn *c, const char *p, size_t n, int64_t now) {
    while (n || (c->reading == SIZED && !c->left)) {
        size_t len = least(n, c->left);
        long used = 1;
        switch (c->reading) {
            case HEAD:
                used = take_head(c, p, n);
                if (used < 0) return -1;
                break;
            case SIZED:
                if (len) on_body(c, p, len, now);
                c->left -= len;
                if (!c->left) return n == len ? 1 : -1;
                return 0;
            case UNTIL_CLOSE:
                on_body(c, p, n, now);
                return 0;
            case CHUNK_SIZE:
                if (take_chunk_size(c, *p)) return -1;
                break;
            case CHUNK_DATA:
                on_body(c, p, len, now);
                c->left -= len;
                used = len;
                if (!c->left) c->reading = CHUNK_END;
                break;
            case CHUNK_END:
                if (*p == '\n') c->reading = CHUNK_SIZE;
                break;
            case TRAILER:
                if (*p == '\n' && c->size_len == 0) return n == 1 ? 1 : -1;
                if (*p == '\n')
                    c->size_len = 0;
                else if (*p != '\r')
                    c->size_len++;
                break;
        }
        p += used;
        n -= used;
    }
    return 0;
}
