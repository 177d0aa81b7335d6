#!/bin/sh
# A scheduler and two workers on this machine, a batch on them, and all ended again.
# usage: cluster.sh BIN YEAR
set -eu
bin=$1 year=$2
port=${PORT:-8786}
address=tcp://127.0.0.1:$port
folder=$(mktemp -d)
# No process imports what lies in the folder where this is called.
export PYTHONSAFEPATH=1
started=
finish() {
    for process in $started; do kill "$process" 2>/dev/null || true; done
    wait
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

"$bin/dask" scheduler --host 127.0.0.1 --port "$port" --no-dashboard 2>"$folder/scheduler.log" &
started="$started $!"
for number in 1 2; do
    "$bin/dask" worker "$address" --nworkers 1 --nthreads 1 --no-dashboard \
        --local-directory "$folder/$number" 2>"$folder/worker-$number.log" &
    started="$started $!"
done
# Waits until both workers are there.
"$bin/python" -c "
from distributed import Client
client = Client('$address', timeout=60)
client.wait_for_workers(2, timeout=60)
client.close()"
"$bin/nianbao" batch --year "$year" --scheduler "$address" --explain
