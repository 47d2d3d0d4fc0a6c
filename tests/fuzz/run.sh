#!/usr/bin/env bash
# Ten million random and mutated packets through the parser and every accessor, optimised build.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dotnet run -c Release --project "$root/benchmarks/NbnsSim.Benchmarks" -- fuzz "${1:-10000000}"
