# YARP whose idle pool threads do not spin before they sleep: less CPU at low rates, a slower lone caller.
. "$BENCH_DIR/targets/yarp.sh"
t_port() { echo $((BENCH_BASE_PORT + 3)); }
t_start() { export DOTNET_ThreadPool_UnfairSemaphoreSpinLimit=0; exec "$YARP_BIN" "http://127.0.0.1:$(t_port)" "http://127.0.0.1:$MOCK_PORT/"; }
