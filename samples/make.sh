#!/usr/bin/env bash
# Makes conversation.flac, conversation.rttm and conversation.stm from conversation.tsv.
# Needs espeak-ng (Debian's 1.51) for the voices; everything else is done by `diarist simulate`.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Four synthetic people as different as espeak-ng can make them: variant, pitch (0-99), words a minute.
declare -A voice=(
  [anna]="en-us+f2 62 165"
  [ben]="en-us+klatt 42 160"
  [otto]="en-us+kaukovalta 28 160"
  [rose]="en-us+grandma 52 155"
)

printf 'speaker\tgap\taudio\ttext\n' > "$work/conversation.tsv"
line=0
while IFS=$'\t' read -r speaker gap text; do
  line=$((line + 1))
  read -r variant pitch speed <<< "${voice[$speaker]}"
  espeak-ng -v "$variant" -p "$pitch" -s "$speed" -w "$work/$line.wav" "$text"
  printf '%s\t%s\t%s\t%s\n' "$speaker" "$gap" "$line.wav" "$text" >> "$work/conversation.tsv"
done < <(tail -n +2 conversation.tsv)

dotnet run -c Release --project ../src/Diarist.Cli -- simulate --script "$work/conversation.tsv" \
  --level -33 --level-spread 1 --noise 40 --seed 1 --output .
