#!/usr/bin/env bash
# Fuzzing guided by coverage: SharpFuzz 2.3.0 instruments the library, AFL++ (Debian: afl++) makes the inputs from those in corpus/. Not in CI.
#   tests/fuzz/coverage.sh scenario|lmhosts|names|event|capture [SECONDS]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
kind=${1:?which kind of input: scenario, lmhosts, names, event or capture}
command -v afl-fuzz > /dev/null || { echo "afl-fuzz is needed: apt-get install afl++"; exit 1; }
work=${FUZZ_WORK:-$here/../../artifacts/fuzz}
mkdir -p "$work"
[ -x "$work/tools/sharpfuzz" ] || dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path "$work/tools"
dotnet build -c Release -v q -nologo -o "$work/bin" "$here/coverage/Coverage.csproj"
"$work/tools/sharpfuzz" "$work/bin/NbnsSim.dll"
AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_UI=1 \
    afl-fuzz -i "$here/corpus/$kind" -o "$work/$kind" -t 10000 -m none -V "${2:-600}" -- dotnet "$work/bin/NbnsSim.Benchmarks.dll" "$kind"
