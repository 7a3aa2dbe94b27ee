// As much HTTP/1.1 as a gateway's client speaks: Content-Length, chunked bodies, Expect, keep-alive.
#include <stdio.h>
#include <strings.h>

#include "mock.h"

static const char *find_header(const char *head, size_t len, const char *name_and_colon) {
    size_t l = strlen(name_and_colon);
    const char *p = head, *end = head + len;
    while ((p = memchr(p, '\n', end - p))) {
        p++;
        if ((size_t)(end - p) <= l || strncasecmp(p, name_and_colon, l)) continue;
        p += l;
        while (p < end && *p == ' ') p++;
        return p;
    }
    return NULL;
}

const char *http_header(const request *r, const char *name_and_colon) {
    return find_header(r->head, r->head_len, name_and_colon);
}

char *http_json(const char *status, const char *body, size_t *len) {
    char *reply;
    int n = asprintf(&reply,
                     "HTTP/1.1 %s\r\nDate: %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                     "x-request-id: req_0123456789abcdef\r\n\r\n%s",
                     status, g_date, strlen(body), body);
    if (n < 0) abort();
    *len = n;
    return reply;
}

int put_json(worker *w, conn *c, const char *status, const char *body) {
    size_t len;
    char *reply = http_json(status, body, &len);
    int dead = put(w, c, reply, len);
    free(reply);
    return dead;
}

int put_sse_head(worker *w, conn *c) {
    char b[400];
    int n = sprintf(b,
                    "HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\n"
                    "Transfer-Encoding: chunked\r\nx-request-id: req_0123456789abcdef\r\n\r\n",
                    g_date);
    return put(w, c, b, n);
}

int put_chunk(worker *w, conn *c, const char *bytes, int len) {
    char b[1100];
    int n = sprintf(b, "%x\r\n", len);
    memcpy(b + n, bytes, len);
    memcpy(b + n + len, "\r\n", 2);
    COUNT(chunks);
    return put(w, c, b, n + len + 2);
}

// 1 when the last chunk is there, 0 when more is needed, -1 when it is no chunked body.
static int chunked_length(const char *p, size_t n, size_t *used) {
    size_t i = 0;
    for (;;) {
        if (i >= n || !memchr(p + i, '\n', n - i)) return 0;
        char *end;
        unsigned long len = strtoul(p + i, &end, 16);
        if (end == p + i) return -1;
        i = (const char *)memchr(p + i, '\n', n - i) - p + 1;
        if (n - i < len + 2) return 0;
        i += len + 2;
        if (len == 0) {
            *used = i;
            return 1;
        }
    }
}

static size_t unchunk_in_place(char *p) {
    size_t i = 0, out = 0;
    for (;;) {
        unsigned long len = strtoul(p + i, NULL, 16);
        if (!len) return out;
        i = strchr(p + i, '\n') - p + 1;
        memmove(p + out, p + i, len);
        out += len;
        i += len + 2;
    }
}

static int read_body(worker *w, conn *c, request *r, size_t *used) {
    char *body = c->in + r->head_len;
    size_t have = c->in_len - r->head_len;
    const char *length = http_header(r, "content-length:"), *coding = length ? NULL : http_header(r, "transfer-encoding:");
    r->body = body;
    if (coding && !strncasecmp(coding, "chunked", 7)) {
        size_t raw;
        int whole = chunked_length(body, have, &raw);
        if (whole != 1) return whole;
        r->body_len = unchunk_in_place(body);
        *used = r->head_len + raw;
        return 1;
    }
    r->body_len = length ? strtoul(length, NULL, 10) : 0;
    *used = r->head_len + r->body_len;
    if (have >= r->body_len) return 1;
    const char *expect = http_header(r, "expect:");
    if (expect && have == 0 && !strncasecmp(expect, "100", 3) && put(w, c, "HTTP/1.1 100 Continue\r\n\r\n", 25)) return -1;
    if (*used + 1 > c->in_cap) {
        c->in_cap = *used + 1;
        c->in = realloc(c->in, c->in_cap);
    }
    return 0;
}

int http_parse(worker *w, conn *c, request *r, size_t *used) {
    char *end = memmem(c->in + c->scanned, c->in_len - c->scanned, "\r\n\r\n", 4);
    if (!end) {
        c->scanned = c->in_len > 3 ? c->in_len - 3 : 0;
        return 0;
    }
    c->scanned = end - c->in;
    r->head = c->in;
    r->head_len = end + 4 - c->in;
    int whole = read_body(w, c, r, used);
    if (whole != 1) return whole;
    const char *target = memchr(r->head, ' ', r->head_len);
    const char *target_end = target ? memchr(target + 1, ' ', r->head_len - (target + 1 - r->head)) : NULL;
    if (!target_end) return -1;
    r->path = target + 1;
    r->path_len = target_end - r->path;
    const char *query = memchr(r->path, '?', r->path_len);
    if (query) r->path_len = query - r->path;
    r->is_post = r->head[0] == 'P';
    const char *connection = http_header(r, "connection:");
    c->keep_alive = !(connection && !strncasecmp(connection, "close", 5));
    return 1;
}
