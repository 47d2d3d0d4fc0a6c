#!/usr/bin/env bash
# Inputs that once failed, each with its right value: see cases.toml. Arguments narrow the cases: tests/findings/run.sh truth
set -euo pipefail
command -v python3 > /dev/null || { echo "SKIPPED: python3 is not installed"; echo "0 passed, 0 failed"; exit 0; }
exec python3 "$(dirname "$0")/run.py" "$@"
