#!/usr/bin/env bash
# The packages of the cluster: a new console project runs the first C# block of the README; the tool is installed from its package, and does a job in one process.
source "$(dirname "$0")/common.sh"
dotnet pack "$root/src/NbnsSim.Cluster.Tool/NbnsSim.Cluster.Tool.csproj" -c Release -o "$work/feed" -v q -nologo
pack NbnsSim NbnsSim.Files NbnsSim.Reports NbnsSim.Testing NbnsSim.Jobs NbnsSim.Cluster
program "$root/src/NbnsSim.Cluster/README.md"
dotnet tool install NbnsSim.Cluster.Tool --version "$version" --tool-path "$work/tools" --configfile NuGet.config > /dev/null
"$work/tools/nbnssim-cluster" campaign q131739 --seeds 0..99 --here --out here > here.txt 2> progress
du -sh "$work/tools" | sed 's/\t.*/ installed/'
echo "NbnsSim.Cluster.Tool $version, $(($(stat -c %s "$work/feed/NbnsSim.Cluster.Tool".[0-9]*.nupkg) / 1000000)) MB: the tool does a job"
