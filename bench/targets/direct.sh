# No gateway: the generator talks to the mock. What the harness itself costs.
T_NO_PROCESS=1
t_version() { echo "the mock itself, gcc $(gcc -dumpfullversion)"; }
t_root() { echo "http://127.0.0.1:$MOCK_PORT"; }
