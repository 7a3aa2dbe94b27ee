// Load generator for HTTP/1.1 gateways on loopback.
//
//   loadgen open   URL -r RATE -d SECONDS [-c MOST] [-R RAMP]
//                                                       a fixed rate, reached in RAMP seconds (0); latency runs from the moment a request
//                                                       was due, so a stalled server is not excused (no coordinated omission)
//   loadgen closed URL -c CONNECTIONS -d SECONDS        the next request when the last one is answered
//   loadgen stream URL -c STREAMS -d SECONDS [-R RAMP]  holds STREAMS streams; a finished one is begun anew
//   loadgen once   URL [-t TIMEOUT_MS]                  tries until one good answer: a cold start
//   loadgen cpu    PID...                               CPU nanoseconds used by these processes so far
//
// -b BODYFILE (POST; GET without it), -H 'Name: value' (many), -e 'text every answer must hold'. Prints one JSON object.
#include "loadgen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 1024, OPEN_FROM_START = 32, LONGEST_WAIT_NS = 5000000 };
static const int64_t second = 1000000000LL;

enum mode g_mode;
const char *g_expect;
tally g_tally;

static struct sockaddr_in s_address;
static char *s_request;
static size_t s_request_len;
static int s_epoll, s_opened, s_count, s_active, s_busy, s_search_from, s_held_most;
static conn *s_conns;
static int64_t s_begin, s_end;
static double s_gap_ns, s_ramp_s = -1;
static long s_next;

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * second + t.tv_nsec;
}

static void hang_up(conn *c) {
    if (c->fd >= 0) close(c->fd);
    c->fd = -1;
}

static int dial(conn *c) {
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0) return -1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(c->fd, (void *)&s_address, sizeof s_address) && errno != EINPROGRESS) {
        hang_up(c);
        return -1;
    }
    struct epoll_event ev = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
    epoll_ctl(s_epoll, EPOLL_CTL_ADD, c->fd, &ev);
    s_opened++;
    return 0;
}

static void fail(conn *c, long *why) {
    ++*why;
    g_tally.errors++;
    c->busy = 0;
    s_busy--;
    hang_up(c);
}

static void succeed(conn *c, int64_t now) {
    c->busy = 0;
    s_busy--;
    long *wrong = c->status != 200                    ? &g_tally.bad_status
                  : g_mode == STREAM && !c->done_seen ? &g_tally.unfinished
                  : !c->expected_seen                 ? &g_tally.unexpected
                                                      : NULL;
    if (wrong) {
        ++*wrong;
        g_tally.errors++;
        if (c->status != 200) g_tally.last_status = c->status;
    } else {
        g_tally.ok++;
        histogram_add(&g_tally.latency, now - c->due);
    }
    if (c->close_after) hang_up(c);
}

static void send_rest(conn *c) {
    while (c->busy && c->sent < s_request_len) {
        ssize_t sent = send(c->fd, s_request + c->sent, s_request_len - c->sent, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == ENOTCONN || errno == EINPROGRESS)) return;
        if (sent <= 0) {
            fail(c, &g_tally.lost);
            return;
        }
        c->sent += sent;
    }
}

static void begin(conn *c, int64_t due) {
    c->busy = 1;
    s_busy++;
    c->sent = 0;
    c->due = due;
    c->begun = now_ns();
    reply_begin(c);
    if (c->fd < 0 && dial(c))
        fail(c, &g_tally.lost);
    else
        send_rest(c);
}

static void on_readable(conn *c) {
    static char buffer[1 << 18];
    for (;;) {
        ssize_t got = recv(c->fd, buffer, sizeof buffer, 0);
        int64_t now = now_ns();
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got <= 0 || !c->busy) {
            if (c->busy && c->reading == UNTIL_CLOSE && got == 0)
                succeed(c, now);
            else if (c->busy)
                fail(c, &g_tally.lost);
            else
                hang_up(c);
            return;
        }
        int whole = reply_feed(c, buffer, got, now);
        if (whole < 0) fail(c, &g_tally.bad_http);
        if (whole > 0) succeed(c, now);
        if (whole || got < (ssize_t)sizeof buffer) return;
    }
}

static void poll_once(int64_t until) {
    struct epoll_event evs[EVENTS_AT_ONCE];
    int64_t left = until - now_ns();
    struct timespec wait = {0, left > 0 ? left : 0};
    int n = epoll_pwait2(s_epoll, evs, EVENTS_AT_ONCE, &wait, NULL);
    for (int i = 0; i < n; i++) {
        conn *c = evs[i].data.ptr;
        if (c->fd < 0) continue;
        if (evs[i].events & EPOLLOUT) send_rest(c);
        if (c->fd >= 0 && (evs[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) on_readable(c);
        if ((g_mode == CLOSED || g_mode == STREAM) && !c->busy && now_ns() < s_end) begin(c, now_ns());
    }
}

static conn *idle_conn(void) {
    for (int i = 0; i < s_active; i++) {
        int at = (s_search_from + i) % s_active;
        if (s_conns[at].busy) continue;
        s_search_from = (at + 1) % s_active;
        return &s_conns[at];
    }
    return s_active < s_count ? &s_conns[s_active++] : NULL;
}

static int64_t due_of(long i) {
    double ramp_ns = s_ramp_s * second, of_ramp = ramp_ns / s_gap_ns / 2;
    return s_begin + (int64_t)(i < of_ramp ? sqrt(2 * ramp_ns * s_gap_ns * i) : ramp_ns + (i - of_ramp) * s_gap_ns);
}

// Begins what is due; says when to look again.
static int64_t hand_out(int64_t now) {
    int64_t wake = now + LONGEST_WAIT_NS;
    if (g_mode == OPEN) {
        for (; due_of(s_next) <= now && due_of(s_next) < s_end; s_next++) {
            conn *c = idle_conn();
            if (!c) break;  // every connection is busy: the request waits, and its clock runs
            begin(c, due_of(s_next));
        }
        return least(due_of(s_next), wake);
    }
    if (now < s_begin) return least(s_begin, wake);
    for (int i = 0; i < s_active && s_busy < s_active; i++)
        if (!s_conns[i].busy) begin(&s_conns[i], now_ns());
    for (; s_active < s_count; s_active++) {
        int64_t from = s_begin + (int64_t)(s_ramp_s * second * s_active / s_count);
        if (from > now) return least(from, wake);
        begin(&s_conns[s_active], now_ns());
    }
    return wake;
}

// What was due and never sent, and what is not answered yet, counts as errors with the time waited so far.
static void give_up(int64_t now) {
    for (int i = 0; i < s_count; i++) {
        if (!s_conns[i].busy) continue;
        g_tally.errors++;
        g_tally.unfinished++;
        histogram_add(&g_tally.latency, now - s_conns[i].due);
    }
    for (; g_mode == OPEN && due_of(s_next) < s_end; s_next++) {
        g_tally.errors++;
        g_tally.unfinished++;
        histogram_add(&g_tally.latency, now - due_of(s_next));
    }
}

static void run(double seconds) {
    s_begin = now_ns() + second / 50;
    s_end = s_begin + (int64_t)(seconds * second);
    int64_t patience = s_end + (g_mode == STREAM ? 12 : 3) * second;
    s_active = g_mode == CLOSED ? s_count : g_mode == OPEN ? (int)least(s_count, OPEN_FROM_START) : 0;
    for (int i = 0; i < s_active; i++) dial(&s_conns[i]);
    for (;;) {
        int64_t now = now_ns(), wake = now + LONGEST_WAIT_NS;
        // What fell due just before the end is still sent when this thread woke up a little late.
        int overslept = g_mode == OPEN && due_of(s_next) < s_end && now < s_end + second / 10;
        if (now < s_end || overslept)
            wake = hand_out(now);
        else if (now > patience || !s_busy)
            break;
        poll_once(wake);
        if (g_mode == STREAM && s_busy > s_held_most) s_held_most = s_busy;
    }
    give_up(now_ns());
}

static int until_one_good_answer(long timeout_ms) {
    int64_t from = now_ns();
    for (int tries = 1; now_ns() - from < timeout_ms * 1000000LL; tries++) {
        int64_t began = now_ns();
        hang_up(&s_conns[0]);
        begin(&s_conns[0], began);
        while (s_conns[0].busy && now_ns() - began < 3 * second) poll_once(now_ns() + 1000000);
        if (g_tally.ok) {
            printf("{\"ok\":1,\"ms\":%.2f,\"tries\":%d,\"answer_ms\":%.3f}\n", (now_ns() - from) / 1e6, tries, (now_ns() - began) / 1e6);
            return 0;
        }
        usleep(1000);
    }
    printf("{\"ok\":0,\"ms\":%.2f,\"last_status\":%d}\n", (now_ns() - from) / 1e6, g_tally.last_status);
    return 1;
}

static void print_tally(const char *mode, double asked) {
    double seconds = (now_ns() - s_begin) / 1e9;
    if (g_mode == OPEN && seconds > asked) seconds = asked;
    tally *t = &g_tally;
    printf(
        "{\"mode\":\"%s\",\"seconds\":%.3f,\"ok\":%ld,\"err\":%ld,\"rps\":%.1f,\"conns\":%d,\"opened\":%d,\"events\":%ld,\"bytes\":%ld,"
        "\"err_status\":%ld,\"last_status\":%d,\"err_lost\":%ld,\"err_http\":%ld,\"err_unfinished\":%ld,\"err_unexpected\":%ld",
        mode, seconds, t->ok, t->errors, t->ok / seconds, g_mode == STREAM ? s_held_most : s_active, s_opened, t->events, t->bytes,
        t->bad_status, t->last_status, t->lost, t->bad_http, t->unfinished, t->unexpected);
    histogram_print("lat", &t->latency);
    if (g_mode == STREAM) {
        histogram_print("ttfb", &t->first_chunk);
        histogram_print("chunk", &t->chunk);
    }
    printf("}\n");
}

static int print_cpu(int count, char **pids) {
    int64_t sum = 0;
    for (int i = 0; i < count; i++) {
        clockid_t clock;
        struct timespec t;
        if (!clock_getcpuclockid(atoi(pids[i]), &clock) && !clock_gettime(clock, &t)) sum += t.tv_sec * second + t.tv_nsec;
    }
    printf("%ld\n", (long)sum);
    return 0;
}

static char *read_file(const char *name, size_t *len) {
    FILE *f = fopen(name, "rb");
    if (!f) {
        perror(name);
        exit(2);
    }
    fseek(f, 0, SEEK_END);
    *len = ftell(f);
    rewind(f);
    char *bytes = malloc(*len + 1);
    if (fread(bytes, 1, *len, f) != *len) exit(2);
    fclose(f);
    return bytes;
}

static void build_request(const char *url, const char *headers, const char *body, size_t body_len) {
    char host[256], ip[256];
    const char *from = url + strlen("http://"), *path = strchr(from, '/');
    snprintf(host, sizeof host, "%.*s", path ? (int)(path - from) : (int)strlen(from), from);
    snprintf(ip, sizeof ip, "%.*s", (int)strcspn(host, ":"), host);
    s_address.sin_family = AF_INET;
    s_address.sin_port = htons(strchr(host, ':') ? atoi(strchr(host, ':') + 1) : 80);
    inet_pton(AF_INET, ip, &s_address.sin_addr);

    s_request = malloc(body_len + strlen(headers) + strlen(url) + 1024);
    int n = sprintf(s_request, "%s %s HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\n%s", body ? "POST" : "GET", path ? path : "/", host, headers);
    if (body) n += sprintf(s_request + n, "Content-Type: application/json\r\nContent-Length: %zu\r\n", body_len);
    n += sprintf(s_request + n, "\r\n");
    if (body) memcpy(s_request + n, body, body_len);
    s_request_len = n + body_len;
}

static int usage(void) {
    fprintf(stderr, "usage: loadgen open|closed|stream|once URL [options], or loadgen cpu PID...\n");
    return 2;
}

int main(int argc, char **argv) {
    static const char *modes[] = {"open", "closed", "stream", "once"};
    if (argc >= 3 && !strcmp(argv[1], "cpu")) return print_cpu(argc - 2, argv + 2);
    int mode = 0;
    while (argc >= 3 && mode < 4 && strcmp(argv[1], modes[mode])) mode++;
    if (argc < 3 || mode == 4 || strncmp(argv[2], "http://", 7)) return usage();
    g_mode = mode;

    double rate = 1000, seconds = 5;
    long timeout_ms = 30000;
    char headers[16384] = "", *body = NULL;
    size_t body_len = 0, headers_len = 0;
    s_count = 64;
    int option;
    optind = 3;
    while ((option = getopt(argc, argv, "r:d:c:R:b:H:e:t:")) != -1) {
        if (option == 'r')
            rate = atof(optarg);
        else if (option == 'd')
            seconds = atof(optarg);
        else if (option == 'c')
            s_count = atoi(optarg);
        else if (option == 'R')
            s_ramp_s = atof(optarg);
        else if (option == 'b')
            body = read_file(optarg, &body_len);
        else if (option == 'H')
            headers_len += snprintf(headers + headers_len, sizeof headers - headers_len, "%s\r\n", optarg);
        else if (option == 'e')
            g_expect = optarg;
        else if (option == 't')
            timeout_ms = atol(optarg);
        else
            return usage();
    }
    if (g_mode == ONCE) s_count = 1;
    s_gap_ns = second / rate;
    if (s_ramp_s < 0) s_ramp_s = g_mode == STREAM ? 1 : 0;
    build_request(argv[2], headers, body, body_len);

    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_TIMERSLACK, 1UL);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    s_epoll = epoll_create1(0);
    s_conns = calloc(s_count, sizeof *s_conns);
    for (int i = 0; i < s_count; i++) s_conns[i].fd = -1;

    int failed = 0;
    if (g_mode == ONCE)
        failed = until_one_good_answer(timeout_ms);
    else {
        run(seconds);
        print_tally(argv[1], seconds);
    }
    if (g_tally.first_bad[0]) fprintf(stderr, "first bad answer: %s\n", g_tally.first_bad);
    return failed;
}
