#!/usr/bin/env bash
# Mutation testing of the core, room by room: changes the code in thousands of small ways and counts how many of them the tests notice.
# Slow (minutes to hours a room), so it is not part of .ci/run. tests/MUTATION.md holds the last figures, with what survived judged.
#
# usage: run.sh [ROOM…]       rooms: Names Wire Messages Protocol Nodes NameServers; all of them without arguments
# Prints a line for each room and the survivors; the full reports are in artifacts/mutation/ROOM.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 1
# Buildalyzer waits four seconds for dotnet --info, too short on a busy machine
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_INFO_WAIT_TIME=60000
command -v python3 > /dev/null || { echo "SKIPPED: needs python3"; exit 0; }
dotnet tool restore > /dev/null || exit 1
dotnet build -v q -nologo tests/NbnsSim.Tests > /dev/null || { echo "the tests do not build"; exit 1; }
[ $# -gt 0 ] || set -- Names Wire Messages Protocol Nodes NameServers
out=$root/artifacts/mutation
mkdir -p "$out"

# The tests that look at a room. Those of the house read the compiled code: they fail on any mutant and would count all of them as noticed.
filter() {
    case $1 in
        Names) echo "FullyQualifiedName~.Names.|FullyQualifiedName~.Root." ;;
        Wire) echo "FullyQualifiedName~.Wire.|FullyQualifiedName~.Names." ;;
        Messages) echo "FullyQualifiedName~.Messages.|FullyQualifiedName~.Wire." ;;
        Protocol) echo "FullyQualifiedName~.Protocol.|FullyQualifiedName~.Nodes.|FullyQualifiedName~.NameServers." ;;
        Nodes) echo "FullyQualifiedName~.Nodes.|FullyQualifiedName~.Scenarios." ;;
        NameServers) echo "FullyQualifiedName~.NameServers.|FullyQualifiedName~.Scenarios." ;;
    esac
}

for room in "$@"; do
    tests=$(filter "$room")
    [ -n "$tests" ] || { echo "no room '$room'"; exit 2; }
    rm -rf "${out:?}/$room"
    mkdir -p "$out/$room"
    cat > "$out/$room/config.json" << END
{
  "stryker-config": {
    "project": "NbnsSim.csproj",
    "mutate": ["**/$room/**/*.cs"],
    "test-case-filter": "($tests)&FullyQualifiedName!~.House.&TestCategory!=Slow",
    "coverage-analysis": "perTest",
    "concurrency": 1,
    "additional-timeout": 20000,
    "reporters": ["json"]
  }
}
END
    (cd tests/NbnsSim.Tests && nice -n 19 dotnet stryker -f "$out/$room/config.json" -O "$out/$room") > "$out/$room/log" 2>&1 \
        || { echo "$room: Stryker ended with an error:"; tail -n 20 "$out/$room/log"; continue; }
    python3 - "$room" "$out/$room/reports/mutation-report.json" << 'END'
import collections, json, sys
room, path = sys.argv[1:]
mutants = [(name, mutant) for name, file in json.load(open(path))["files"].items() for mutant in file["mutants"]]
count = collections.Counter(mutant["status"] for _, mutant in mutants)
killed = count["Killed"] + count["Timeout"]
missed = count["Survived"] + count["NoCoverage"]
print(f"{room}: {killed} of {killed + missed} noticed, {100 * killed / max(1, killed + missed):.1f} %; "
      f"{count['Survived']} survived, {count['NoCoverage']} in code that no test runs, {count['CompileError']} do not compile")
for name, mutant in sorted(mutants, key=lambda pair: (pair[0], pair[1]["location"]["start"]["line"])):
    if mutant["status"] in ("Survived", "NoCoverage"):
        where = f"{name.split('/' + room + '/')[-1]}:{mutant['location']['start']['line']}"
        print(f"  {mutant['status']:<10} {where:<34} {mutant['mutatorName']}: {' '.join(mutant.get('replacement', '').split())[:120]}")
END
done
