#!/usr/bin/env bash
exec "$(dirname "$0")/publish.sh" linux-x64 "$@"
