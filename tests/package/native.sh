#!/usr/bin/env bash
# The native program: published as the README has it, it runs a scenario, and says so where too few files may be open.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v clang > /dev/null || command -v gcc > /dev/null || { echo "SKIPPED: a native program needs clang or gcc"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dotnet publish src/NbnsSim.Cli -r linux-x64 -o "$folder" -v q -nologo
[ ! -e "$folder/NbnsSim.Cli" ] || { echo "the program is there twice"; exit 1; }
[ -s "$folder/web/index.html" ] && [ -s "$folder/web/_framework/dotnet.native.wasm" ] || { echo "the page in the browser is not beside the program"; exit 1; }
"$folder/nbnssim" run q131739 > "$folder/out"
tail -n 1 "$folder/out"
status=0
(ulimit -n 40; "$folder/nbnssim" serve --name WINSRV 2> "$folder/error") || status=$?
cat "$folder/error"
[ "$status" = 3 ] && grep -q 'only 40 files may be open' "$folder/error"
