#!/usr/bin/env bash
exec "$(dirname "$0")/publish.sh" osx-arm64 "$@"
