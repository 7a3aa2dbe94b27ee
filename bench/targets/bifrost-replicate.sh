# Ours, translated: an OpenAI chat becomes a Replicate prediction, its event stream and one look at its metrics.
. "$BENCH_DIR/targets/bifrost.sh"
t_port() { echo $((BENCH_BASE_PORT + 5)); }
t_model() { echo replicate/meta/meta-llama-3-8b-instruct; }
unset -f t_health # the same as bifrost's
