#!/bin/bash
# The tables of docs/cluster.md: 1, 2 and 4 workers on this machine, each pinned to a processor, then the limits of the queue with workers that sleep.
#   benchmarks/cluster.sh [real|simulated] [FILES]      needs nats-server, taskset and ffmpeg
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-all} files=${2:-24}
dotnet build -c Release -v quiet -nologo src/Diarist.Cli
cli=(dotnet "$PWD/src/Diarist.Cli/bin/Release/net10.0/Diarist.Cli.dll")
folder=$(mktemp -d)
pids=()
clean() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; rm -rf "$folder"; }
trap clean EXIT
port=$((20000 + RANDOM % 20000))
printf 'listen: "127.0.0.1:%d"\njetstream { store_dir: "%s/store" }\n' $port "$folder" > "$folder/nats.conf"
PATH=$PATH:/usr/sbin nats-server -c "$folder/nats.conf" -l "$folder/nats.log" & pids+=($!)
until (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null; do sleep 0.1; done
url=nats://127.0.0.1:$port

if [ "$what" != simulated ]; then
  # Minutes of the sample, each beginning elsewhere, and one for each worker that only makes it load the networks.
  mkdir -p "$folder/in" "$folder/warm"
  for ((i = 0; i < files; i++)); do ffmpeg -v error -ss $((i % 30)) -i samples/conversation.flac -t 60 -af "volume=0.$((70 + i % 30))" -ac 1 -ar 16000 "$folder/in/$i.wav"; done
  for ((i = 0; i < 8; i++)); do ffmpeg -v error -ss $i -i samples/conversation.flac -t 15 -ac 1 -ar 16000 "$folder/warm/$i.wav"; done
  echo "| workers | seconds for $files files of 60 s | × real time | of the ideal |"; echo "|---:|---:|---:|---:|"
  for workers in 1 2 4; do
    queue=real$workers started=()
    for ((i = 0; i < workers; i++)); do
      taskset -c $((i % $(nproc))) "${cli[@]}" worker --jobs 1 --threads 1 --nats $url --queue $queue -q 2> "$folder/worker$i.log" & started+=($!); pids+=($!)
    done
    "${cli[@]}" submit "$folder/warm" -o "$folder/warm$workers" --nats $url --queue $queue --shared -q
    begin=$(date +%s%N)
    "${cli[@]}" submit "$folder/in" -o "$folder/out$workers" --nats $url --queue $queue --shared -q
    took=$(( ($(date +%s%N) - begin) / 1000000 ))
    [ $workers = 1 ] && one=$took
    awk -v w=$workers -v t=$took -v o="$one" -v f="$files" 'BEGIN { printf "| %d | %.1f | %.0f | %.0f %% |\n", w, t / 1000, f * 60000 / t, 100 * o / t / w }'
    kill -TERM "${started[@]}"; wait "${started[@]}" 2>/dev/null || true
  done
  echo
fi

if [ "$what" != real ]; then
  dotnet run -c Release --project benchmarks/Diarist.Benchmarks -- queue $url "${SLEEP:-1.5}"
fi
