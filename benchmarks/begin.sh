# What benchmarks of the tool begin with: a folder that is removed in the end, and the tool and the benchmarks built. To be sourced.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
for project in benchmarks/NbnsSim.Benchmarks src/NbnsSim.Cli; do
    dotnet build -c Release -v q -nologo "$root/$project" > "$work/build" 2>&1 || { cat "$work/build"; exit 1; }
done
bench=(dotnet "$root/benchmarks/NbnsSim.Benchmarks/bin/Release/net10.0/NbnsSim.Benchmarks.dll")
tool=(dotnet "$root/src/NbnsSim.Cli/bin/Release/net10.0/NbnsSim.Cli.dll")
