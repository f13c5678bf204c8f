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

# Two of the four say something else, for enrolment. Needs sox and flac.
declare -A other=(
  [anna]="The museum opens at nine in the morning and closes late on Thursdays. Visitors may leave their coats near the entrance. A guided tour through the old wing starts every hour, and children under twelve pay nothing at all."
  [otto]="We measured the temperature of the water every day for a month. On most days it stayed below fifteen degrees, but after the storm it rose quickly. Nobody could explain the reason until the engineer looked at the valve."
)
mkdir -p voices
for speaker in anna otto; do
  read -r variant pitch speed <<< "${voice[$speaker]}"
  espeak-ng -v "$variant" -p "$pitch" -s "$speed" -w "$work/$speaker.wav" "${other[$speaker]}"
  sox "$work/$speaker.wav" -r 16000 -b 16 -c 1 "$work/$speaker-16k.wav"
  flac -s -8 -f -o "voices/$speaker.flac" "$work/$speaker-16k.wav"
done

dotnet run -c Release --project ../src/Diarist.Cli -- simulate --script "$work/conversation.tsv" \
  --level -33 --level-spread 1 --noise 40 --seed 1 --output .
