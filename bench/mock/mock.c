// A fast mock of the upstream providers, for measuring gateways on loopback.
//
//   POST /v1/chat/completions   about 1 KB of JSON, or SSE when the body has "stream": true
//   POST /v1/embeddings         1536 floats
//   GET  /v1/models
//   GET  /v1/models/{owner}/{name}, POST .../predictions, POST /v1/predictions             (Replicate)
//   GET  /v1/predictions/{id}, POST /v1/predictions/{id}/cancel, GET /v1/streams/{id}      (Replicate)
//   GET  /health, GET /__stats, POST /__reset
//
// Environment: MOCK_PORT (18100), MOCK_THREADS (1), MOCK_CHUNKS (64), MOCK_DELAY_US (0, between chunks),
// MOCK_LATENCY_US (0, before the answer). One request may override the last three anywhere in its body:
//   "content":"mock;chunks=64;delay_us=10000;latency_us=0"
// Every streamed chunk carries the CLOCK_MONOTONIC nanoseconds at which it was written, as "@<ns>@ ", so that a reader
// on the same machine can tell how long that very chunk spent in the gateway.
#include "mock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 512, ACCEPTS_AT_ONCE = 256, TIMERS_AT_ONCE = 4096 };

counters g_count;
char g_date[64];
int g_chunks;
long g_delay_us, g_latency_us;
static int s_port;

int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void watch_writes(worker *w, conn *c, int on) {
    if (c->want_write == on) return;
    c->want_write = on;
    struct epoll_event ev = {.events = EPOLLIN | (on ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(w->epoll, EPOLL_CTL_MOD, c->fd, &ev);
}

int put(worker *w, conn *c, const char *bytes, size_t len) {
    if (c->out_len == c->out_off) {
        ssize_t sent = send(c->fd, bytes, len, MSG_NOSIGNAL);
        if (sent == (ssize_t)len) return 0;
        if (sent < 0) {
            if (errno != EAGAIN && errno != EINTR) return -1;
            sent = 0;
        }
        bytes += sent;
        len -= sent;
        c->out_len = c->out_off = 0;
    }
    if (c->out_len + len > c->out_cap) {
        c->out_cap = (c->out_len + len) * 2;
        c->out = realloc(c->out, c->out_cap);
    }
    memcpy(c->out + c->out_len, bytes, len);
    c->out_len += len;
    watch_writes(w, c, 1);
    return 0;
}

static void drop(worker *w, conn *c) {
    if (c->answer != ANSWER_NONE) COUNT(aborted);
    timer_clear(w, c);
    close(c->fd);
    free(c->in);
    free(c->out);
    free(c);
    atomic_fetch_sub_explicit(&g_count.connections, 1, memory_order_relaxed);
}

static long option(const char *from, const char *end, const char *key, long otherwise) {
    size_t len = strlen(key);
    for (const char *p = from; p + len < end && *p != '"'; p++)
        if (!memcmp(p, key, len)) return atol(p + len);
    return otherwise;
}

static int put_stats(worker *w, conn *c) {
    char b[400];
    sprintf(b,
            "{\"requests\":%ld,\"streams\":%ld,\"chunks\":%ld,\"unknown\":%ld,\"keyed\":%ld,\"predictions\":%ld,\"cancelled\":%ld,"
            "\"aborted\":%ld,\"connections\":%ld}",
            g_count.requests, g_count.streams, g_count.chunks, g_count.unknown, g_count.keyed, g_count.predictions, g_count.cancelled,
            g_count.aborted, g_count.connections);
    return put_json(w, c, "200 OK", b);
}

static int reset_stats(worker *w, conn *c) {
    g_count.requests = g_count.streams = g_count.chunks = g_count.unknown = g_count.keyed = 0;
    g_count.predictions = g_count.cancelled = g_count.aborted = 0;
    return put_json(w, c, "200 OK", "{}");
}

// Goes on with the answer owed. 0, or -1 when the connection is dead.
static int answer(worker *w, conn *c) {
    if (c->answer == ANSWER_CHAT || c->answer == ANSWER_EMBEDDING) return openai_answer(w, c);
    int first = c->sent == 0;
    if (first) {
        COUNT(streams);
        if (put_sse_head(w, c)) return -1;
    }
    int state = c->answer == ANSWER_CHAT_STREAM ? openai_step(w, c) : replicate_step(w, c);
    if (state < 0) return -1;
    if (state == 1)
        c->answer = ANSWER_NONE;
    else
        timer_set(w, c, (first ? now_ns() : c->due) + c->delay_us * 1000);
    return 0;
}

static int handle(worker *w, conn *c, const request *r) {
    c->answer = ANSWER_NONE;
    c->sent = c->include_usage = 0;
    if (path_is(r, "/health") || path_is(r, "/")) return put_json(w, c, "200 OK", "{\"ok\":true}");
    if (path_is(r, "/__stats")) return put_stats(w, c);
    if (path_is(r, "/__reset")) return reset_stats(w, c);
    COUNT(requests);
    if (memmem(r->head, r->head_len, "sk-upstream", 11) || memmem(r->head, r->head_len, "r8_bench", 8)) COUNT(keyed);

    long latency_us = g_latency_us, chunks = g_chunks;
    c->delay_us = g_delay_us;
    const char *steering = memmem(r->body, r->body_len, "mock;", 5), *end = r->body + r->body_len;
    if (steering) {
        chunks = option(steering, end, ";chunks=", chunks);
        c->delay_us = option(steering, end, ";delay_us=", c->delay_us);
        latency_us = option(steering, end, ";latency_us=", latency_us);
    }
    c->chunks = chunks < 1 ? 1 : chunks;

    int routed = openai_route(w, c, r);
    if (!routed) routed = replicate_route(w, c, r);
    if (routed < 0) return -1;
    if (!routed) {
        COUNT(unknown);
        return put_json(w, c, "404 Not Found", "{\"error\":{\"message\":\"no such path\",\"type\":\"invalid_request_error\"}}");
    }
    if (c->answer == ANSWER_NONE) return 0;
    if (latency_us <= 0) return answer(w, c);
    timer_set(w, c, now_ns() + latency_us * 1000);
    return 0;
}

// Handles what has been read, until an answer has to wait or more is needed. 0, or -1 when the connection is dead.
static int process(worker *w, conn *c) {
    while (c->answer == ANSWER_NONE && c->in_len) {
        request r;
        size_t used;
        int whole = http_parse(w, c, &r, &used);
        if (whole != 1) return whole;
        if (handle(w, c, &r)) return -1;
        memmove(c->in, c->in + used, c->in_len - used);
        c->in_len -= used;
        c->in[c->in_len] = 0;
        c->scanned = 0;
        if (c->answer == ANSWER_NONE && !c->keep_alive && c->out_len == c->out_off) shutdown(c->fd, SHUT_WR);
    }
    return 0;
}

static void accept_all(worker *w, int listener) {
    int one = 1;
    for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (fd < 0) return;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        conn *c = calloc(1, sizeof *c);
        c->fd = fd;
        c->slot = -1;
        c->in_cap = 4096;
        c->in = malloc(c->in_cap);
        COUNT(connections);
        struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &ev);
    }
}

static int on_writable(worker *w, conn *c) {
    ssize_t sent = send(c->fd, c->out + c->out_off, c->out_len - c->out_off, MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN ? 0 : -1;
    c->out_off += sent;
    if (c->out_off == c->out_len) {
        c->out_off = c->out_len = 0;
        watch_writes(w, c, 0);
    }
    return 0;
}

static int on_readable(worker *w, conn *c) {
    for (;;) {
        if (c->in_cap - c->in_len < 2048) {
            c->in_cap *= 2;
            c->in = realloc(c->in, c->in_cap);
        }
        size_t room = c->in_cap - c->in_len - 1;
        ssize_t got = recv(c->fd, c->in + c->in_len, room, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return -1;
        if (got > 0) {
            c->in_len += got;
            c->in[c->in_len] = 0;
            if ((size_t)got == room) continue;
        }
        return process(w, c);
    }
}

static void fire_due(worker *w) {
    int64_t t = now_ns();
    for (int i = 0; i < TIMERS_AT_ONCE && w->count && w->heap[0]->due <= t; i++) {
        conn *c = w->heap[0];
        timer_clear(w, c);
        if (answer(w, c) || process(w, c)) drop(w, c);
    }
}

static int listen_on(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(fd, (void *)&a, sizeof a) || listen(fd, 16384)) {
        perror("mock: bind");
        exit(1);
    }
    return fd;
}

static void *run(void *unused) {
    prctl(PR_SET_TIMERSLACK, 1UL);
    worker w = {.epoll = epoll_create1(0)};
    int listener = listen_on(s_port);
    struct epoll_event ev = {.events = EPOLLIN}, evs[EVENTS_AT_ONCE];
    epoll_ctl(w.epoll, EPOLL_CTL_ADD, listener, &ev);
    for (;;) {
        struct timespec wait, *timeout = NULL;
        if (w.count) {
            int64_t left = w.heap[0]->due - now_ns();
            if (left < 0) left = 0;
            wait = (struct timespec){left / 1000000000, left % 1000000000};
            timeout = &wait;
        }
        int n = epoll_pwait2(w.epoll, evs, EVENTS_AT_ONCE, timeout, NULL);
        for (int i = 0; i < n; i++) {
            conn *c = evs[i].data.ptr;
            if (!c) {
                accept_all(&w, listener);
                continue;
            }
            int dead = evs[i].events & EPOLLOUT ? on_writable(&w, c) : 0;
            if (!dead && (evs[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) dead = on_readable(&w, c);
            if (dead) drop(&w, c);
        }
        fire_due(&w);
    }
    return unused;
}

static long from_environment(const char *name, long otherwise) {
    const char *v = getenv(name);
    return v && *v ? atol(v) : otherwise;
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    s_port = from_environment("MOCK_PORT", 18100);
    g_chunks = from_environment("MOCK_CHUNKS", 64);
    g_delay_us = from_environment("MOCK_DELAY_US", 0);
    g_latency_us = from_environment("MOCK_LATENCY_US", 0);

    time_t t = time(NULL);
    struct tm utc;
    gmtime_r(&t, &utc);
    strftime(g_date, sizeof g_date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    openai_build();

    long threads = from_environment("MOCK_THREADS", 1);
    for (long i = 1; i < threads; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, run, NULL);
    }
    run(NULL);
}
