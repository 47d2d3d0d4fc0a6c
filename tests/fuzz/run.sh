#!/usr/bin/env bash
# Random and mutated packets through the parser and every accessor, ten million unless told; then spoilt files of every kind that the tool reads
# (scenarios, LMHOSTS, databases, pasted events, captures), made from those in corpus/; captures in which something happens go through diagnosis,
# audit and replay. Then damaged .evtx files. Optimised build, the same inputs every time.
#   tests/fuzz/run.sh [PACKETS [FILES_OF_EACH_KIND [SEED]]]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dotnet build -c Release -v q -nologo "$root/benchmarks/NbnsSim.Benchmarks"
fuzz() { dotnet run -c Release --no-build --project "$root/benchmarks/NbnsSim.Benchmarks" -- "$@"; }
fuzz fuzz "${1:-10000000}"
fuzz fuzz-inputs "$root/tests/fuzz/corpus" "${2:-100000}" "${3:-1}"
NBNSSIM_DAMAGED=${2:-100000} dotnet test -v q "$root/tests/NbnsSim.Reports.Tests" --filter Name=TenThousandDamagedFiles_AreReadWithoutAnException
