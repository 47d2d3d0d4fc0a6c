#!/usr/bin/env bash
# The packages of queries: a new console project runs the first C# block of the README; the tool is installed from its package, and asks what that program wrote.
source "$(dirname "$0")/common.sh"
dotnet pack "$root/src/NbnsSim.Query.Tool/NbnsSim.Query.Tool.csproj" -c Release -o "$work/feed" -v q -nologo
pack NbnsSim NbnsSim.Files NbnsSim.Reports NbnsSim.Testing NbnsSim.Jobs NbnsSim.Query
depends DuckDB.NET.Data.Full NbnsSim.Jobs Parquet.Net SharpCompress ZstdSharp.Port
program "$root/src/NbnsSim.Query/README.md"
tool=$(ls "$work/feed/NbnsSim.Query.Tool".[0-9]*.nupkg)
[ "$(stat -c %s "$tool")" -lt 200000000 ] || { echo "the tool's package has $(stat -c %s "$tool") octets"; exit 1; }
dotnet tool install NbnsSim.Query.Tool --version "$version" --tool-path "$work/tools" --configfile NuGet.config > /dev/null
"$work/tools/nbnssim-query" job "SELECT path FROM captures WHERE datagrams > 1000" --csv | tr -d '\r' | diff <(printf 'path\ncaptures/office.pcap\n') -
status=0
"$work/tools/nbnssim-query" job "COPY (SELECT 1) TO 'written'" 2> error || status=$?
[ "$status" = 2 ] && [ ! -e written ] && grep -q '^nbnssim-query: ' error
"$work/tools/nbnssim-query" job "SELECT i FROM range(10000000) AS t(i)" | head -n 3 > /dev/null # whoever reads has seen enough
du -sh "$work/tools" | sed 's/\t.*/ installed/'
echo "NbnsSim.Query.Tool $version, $(($(stat -c %s "$tool") / 1000000)) MB: the tool answers"
