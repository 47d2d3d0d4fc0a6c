#!/usr/bin/env bash
# Mutation testing of the core, room by room: changes the code in thousands of small ways and counts how many of them the tests notice.
# Minutes a room, so it is not part of .ci/run. tests/MUTATION.md holds the last figures, with what survived judged.
#
# usage: run.sh [ROOM…]       rooms: Names Wire Messages Protocol Nodes NameServers; all of them without arguments
#   JOBS=N   processes to try mutants in, 2 if not set
#   EVERY=N  tries every Nth mutant only: a sample, where the whole takes too long
#   AGAIN=1  tries only the mutants that were not noticed the last time, after tests were added
# Prints a line for each room and what survived; artifacts/mutation/ROOM.tsv has every mutant with the test that noticed it.
#
# Stryker makes the mutants: it compiles all of them into one core, each behind a switch. Trying them is done by the program beside this script, which
# keeps the tests loaded and turns one switch after the other: Stryker's own way starts a run of the test platform for each, a hundred times as long.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/tests/mutation
out=$root/artifacts/mutation
cd "$root"
# Buildalyzer waits four seconds for dotnet --info, too short on a busy machine
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_INFO_WAIT_TIME=60000
mkdir -p "$out"
[ $# -gt 0 ] || set -- Names Wire Messages Protocol Nodes NameServers

# Names of tests that look at a room begin with these. Those of the house read the compiled code: they fail on any mutant and would count all of them as noticed.
tests() {
    case $1 in
        Names) echo Names Root ;;
        Wire) echo Wire Messages Names ;;
        Messages) echo Messages Wire ;;
        Protocol) echo Protocol Nodes NameServers ;;
        Nodes) echo Nodes Scenarios ;;
        NameServers) echo NameServers Scenarios ;;
        *) echo "no room '$1'" >&2; exit 2 ;;
    esac
}

# The processor time of a test, in milliseconds, that is too long: each mutant that survives costs that of all tests that come by it.
longest() {
    case $1 in
        Names | Wire | Messages) echo 5000 ;;
        Nodes | NameServers) echo 300 ;;
        *) echo 500 ;;
    esac
}

sources=$(cat src/NbnsSim/*.csproj $(find src/NbnsSim -name '*.cs' -not -path '*/obj/*' -not -path '*/bin/*' | sort) | sha256sum | cut -c 1-64)
if [ "$(cat "$out/sources" 2> /dev/null)" != "$sources" ]; then
    rm -rf "$out" "$here/bin" # Stryker leaves its core in bin when it is ended early
    mkdir -p "$out/stryker"
    dotnet tool restore > /dev/null
    cat > "$out/stryker/config.json" << END
{
  "stryker-config": {
    "project": "NbnsSim.csproj",
    "mutate": ["**/Names/**/*.cs", "**/Wire/**/*.cs", "**/Messages/**/*.cs", "**/Protocol/**/*.cs", "**/Nodes/**/*.cs", "**/NameServers/**/*.cs"],
    "coverage-analysis": "perTest",
    "concurrency": 1,
    "reporters": ["json"]
  }
}
END
    (cd "$here" && NBNSSIM_MUTATED=$out/stryker/NbnsSim.dll nice -n 19 dotnet stryker -f "$out/stryker/config.json" -O "$out/stryker") > "$out/stryker/log" 2>&1 \
        || { echo "Stryker ended with an error:"; tail -n 20 "$out/stryker/log"; exit 1; }
    [ -e "$out/stryker/NbnsSim.dll" ] || { echo "Stryker made no mutants:"; tail -n 20 "$out/stryker/log"; exit 1; }
    echo "$sources" > "$out/sources"
fi

nice -n 19 dotnet build -v q -nologo tests/NbnsSim.Tests
nice -n 19 dotnet build -v q -nologo "$here"
rm -rf "$out/bin"
cp -r tests/NbnsSim.Tests/bin/Debug/net10.0 "$out/bin"
cp "$here"/bin/Debug/net10.0/NbnsSim.Mutation.{dll,runtimeconfig.json} "$out/bin" # without its deps.json: all that lies there is found
dotnet "$here/bin/Debug/net10.0/NbnsSim.Mutation.dll" simplify "$out/stryker/NbnsSim.dll" "$out/bin/NbnsSim.dll"

for room in "$@"; do
    looking=()
    for start in $(tests "$room"); do looking+=("NbnsSim.Tests.$start."); done
    nice -n 19 dotnet "$out/bin/NbnsSim.Mutation.dll" room "$room" "$out/stryker/reports/mutation-report.json" "$out" "${JOBS:-2}" "$(longest "$room")" \
        "${looking[@]}" 2>> "$out/log"
done
