#!/usr/bin/env bash
# A native program that writes tables: it writes the octets that the same program writes under .NET. Parquet.Net is not made for that, and its compiler says so of three methods
# that look at the types of columns, which are those of numbers and texts here; whatever else it said would be new.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
command -v clang > /dev/null || command -v gcc > /dev/null || { echo "SKIPPED: a native program needs clang or gcc"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > tables.csproj <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable>
    <PublishAot>true</PublishAot><InvariantGlobalization>true</InvariantGlobalization><TrimmerSingleWarn>false</TrimmerSingleWarn>
  </PropertyGroup>
  <ItemGroup><ProjectReference Include="$root/src/NbnsSim.Jobs/NbnsSim.Jobs.csproj" /></ItemGroup>
</Project>
PROJECT
cat > Program.cs <<'PROGRAM'
using NbnsSim;
using NbnsSim.Captures;
using NbnsSim.Jobs.Tables;
using NbnsSim.Replay;
using NbnsSim.Testing.Traffic;

string folder = Directory.CreateDirectory(args[0]).FullName;
using var capture = new MemoryStream();
TrafficFile.WriteCapture(TrafficClasses.All[0].Play(1, 20), capture);
capture.Position = 0;
var rows = new DatagramRows();
var datagrams = new List<DatagramRow>();
using var reader = new DatagramReader(CaptureReader.Open(new MemoryStream(capture.ToArray())), CaptureFile.NameService);
while (reader.TryRead(out var it))
    datagrams.Add(rows.Read(new DatagramRow { Number = datagrams.Count + 1, Time = it.Time, Frame = it.FrameNumber }, it.Source, it.Destination, it.SourceMac, it.Payload));
var diagnosis = CaptureFile.Diagnose(CaptureReader.Open(capture));
Write(JobTables.Datagrams, datagrams);
Write(JobTables.Holdings, diagnosis.Holdings);
Write(JobTables.Decisions, diagnosis.Findings.Select((finding, i) => new DecisionRow(i + 1, finding)));
Write(JobTables.Incidents, diagnosis.Judge().Incidents.Select((incident, i) => new IncidentRow(i + 1, incident)));
Write(JobTables.Captures, [new CaptureRow { Capture = 1, Path = "office.pcap", SameAs = 3, FirstTime = Instant.MinValue }, new CaptureRow { Capture = 2, Path = "\u001b" }]);
Write(JobTables.Runs, [new RunRow { Scenario = "q131739", Seed = ulong.MaxValue, Held = false, Broken = ["a", "b"], Repeat = "again" }]);

void Write<TRow>(Table<TRow> table, IEnumerable<TRow> rows)
{
    using var writer = table.CreateIn(folder);
    foreach (var row in rows)
        writer.Add(row);
    writer.Complete();
}
PROGRAM
dotnet publish -r linux-x64 -o out -v q -nologo > log 2>&1 || { cat log; exit 1; }
grep -oE 'warning IL[0-9]+: [^:]*' log | sort -u > warnings || true
diff - warnings <<'KNOWN'
warning IL2070: Parquet.Extensions.ParquetClrSchemaExtensions.IsGenericIDictionary(Type)
warning IL2070: Parquet.Extensions.ParquetClrSchemaExtensions.TryExtractIEnumerableType(Type,Type&)
warning IL3050: Parquet.Extensions.ParquetClrSchemaExtensions.GetNullable(Type)
KNOWN
./out/tables native
dotnet bin/Release/net10.0/linux-x64/tables.dll managed
diff -r native managed
echo "$(ls native | wc -l) tables, $(cat native/* | wc -c) octets: the same from the native program"
