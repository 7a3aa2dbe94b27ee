// The OpenAI side: a chat answer of about 1 KB, chat streams, embeddings, models.
#include <stdio.h>
#include <time.h>

#include "mock.h"

static char *s_chat, *s_embedding, *s_models;
static size_t s_chat_len, s_embedding_len, s_models_len;

void openai_build(void) {
    char text[620];
    const char *sentence = "A gateway sits between the callers and the providers of models, and it decides who may spend what. ";
    size_t len = strlen(sentence);
    for (size_t i = 0; i < sizeof text - 1; i++) text[i] = sentence[i % len];
    text[sizeof text - 1] = 0;

    char *chat;
    if (asprintf(&chat,
                 "{\"id\":\"chatcmpl-mock0123456789\",\"object\":\"chat.completion\",\"created\":%ld,\"model\":\"gpt-4o-mini\","
                 "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\",\"refusal\":null},\"logprobs\":null,"
                 "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":42,\"completion_tokens\":128,\"total_tokens\":170,"
                 "\"prompt_tokens_details\":{\"cached_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":0}},"
                 "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_mock\"}",
                 (long)time(NULL), text) < 0)
        abort();
    s_chat = http_json("200 OK", chat, &s_chat_len);
    free(chat);

    char *embedding = malloc(64 * 1024);
    int n = sprintf(embedding, "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[");
    for (int i = 0; i < 1536; i++) n += sprintf(embedding + n, "%s%.7f", i ? "," : "", ((i * 7919) % 2000 - 1000) / 37000.0);
    sprintf(embedding + n, "]}],\"model\":\"text-embedding-3-small\",\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}");
    s_embedding = http_json("200 OK", embedding, &s_embedding_len);
    free(embedding);

    s_models = http_json("200 OK",
                         "{\"object\":\"list\",\"data\":[{\"id\":\"gpt-4o-mini\",\"object\":\"model\",\"created\":1715367049,"
                         "\"owned_by\":\"mock\"}]}",
                         &s_models_len);
}

static int asks_for(const request *r, const char *name, const char *value) {
    const char *end = r->body + r->body_len, *p = memmem(r->body, r->body_len, name, strlen(name));
    if (!p) return 0;
    p += strlen(name);
    while (p < end && (*p == ' ' || *p == ':')) p++;
    return (size_t)(end - p) >= strlen(value) && !memcmp(p, value, strlen(value));
}

int openai_route(worker *w, conn *c, const request *r) {
    if (path_is(r, "/v1/models")) return put(w, c, s_models, s_models_len) ? -1 : 1;
    if (path_is(r, "/v1/embeddings")) {
        c->answer = ANSWER_EMBEDDING;
        return 1;
    }
    if (!path_is(r, "/v1/chat/completions") && !path_is(r, "/v1/completions")) return 0;
    c->answer = asks_for(r, "\"stream\"", "true") ? ANSWER_CHAT_STREAM : ANSWER_CHAT;
    c->include_usage = c->answer == ANSWER_CHAT_STREAM && asks_for(r, "\"include_usage\"", "true");
    return 1;
}

int openai_answer(worker *w, conn *c) {
    int embedding = c->answer == ANSWER_EMBEDDING;
    c->answer = ANSWER_NONE;
    return embedding ? put(w, c, s_embedding, s_embedding_len) : put(w, c, s_chat, s_chat_len);
}

#define CHUNK_HEAD                                                                                                                     \
    "data: {\"id\":\"chatcmpl-mock0123456789\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"gpt-4o-mini\"," \
    "\"system_fingerprint\":\"fp_mock\",\"choices\":["

static int finish(worker *w, conn *c) {
    char b[768];
    if (put_chunk(w, c, b, sprintf(b, CHUNK_HEAD "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n")))
        return -1;
    if (c->include_usage) {
        int n = sprintf(b, CHUNK_HEAD "],\"usage\":{\"prompt_tokens\":42,\"completion_tokens\":%d,\"total_tokens\":%d}}\n\n", c->chunks,
                        42 + c->chunks);
        if (put_chunk(w, c, b, n)) return -1;
    }
    if (put_chunk(w, c, b, sprintf(b, "data: [DONE]\n\n"))) return -1;
    return put(w, c, "0\r\n\r\n", 5) ? -1 : 1;
}

// Sends what is due. 1 finished, 0 more to come, -1 dead.
int openai_step(worker *w, conn *c) {
    char b[768];
    do {
        int n = sprintf(b, CHUNK_HEAD "{\"index\":0,\"delta\":{%s\"content\":\"@%lld@ \"},\"logprobs\":null,\"finish_reason\":null}]}\n\n",
                        c->sent ? "" : "\"role\":\"assistant\",", (long long)now_ns());
        if (put_chunk(w, c, b, n)) return -1;
        if (++c->sent >= c->chunks) return finish(w, c);
    } while (c->delay_us == 0);
    return 0;
}
