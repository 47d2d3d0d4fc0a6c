#!/usr/bin/env bash
# The same for NbnsSim.SharpPcap: packs it with the library, references the package from a new console project, runs the first C# block
# of its README and compares what it prints.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for project in NbnsSim NbnsSim.SharpPcap; do
    dotnet pack "$root/src/$project/$project.csproj" -c Release -o "$work/feed" -v q -nologo
done
package=$(ls "$work"/feed/NbnsSim.SharpPcap.*.nupkg)
version=$(basename "$package" .nupkg); version=${version#NbnsSim.SharpPcap.}

listing=$(unzip -l "$package")
for wanted in README.md icon.png lib/net10.0/NbnsSim.SharpPcap.dll lib/net10.0/NbnsSim.SharpPcap.xml; do
    grep -q " $wanted\$" <<< "$listing" || { echo "the package lacks $wanted"; exit 1; }
done
dependencies=$(unzip -p "$package" NbnsSim.SharpPcap.nuspec | sed -n 's/.*<dependency id="\([^"]*\)".*/\1/p' | sort | xargs)
[ "$dependencies" = "NbnsSim PacketDotNet SharpPcap" ] || { echo "the package depends on: $dependencies"; exit 1; }
ls "$work"/feed/NbnsSim.SharpPcap.*.snupkg > /dev/null

mkdir "$work/app"
cd "$work/app"
# both packages of ours from a cache of their own, so that no earlier build of the same version is taken for these
export NUGET_PACKAGES="$work/packages"
cat > NuGet.config <<EOF
<configuration><packageSources><add key="packed" value="$work/feed" /></packageSources></configuration>
EOF
cat > app.csproj <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
  <ItemGroup><PackageReference Include="NbnsSim.SharpPcap" Version="$version" /></ItemGroup>
</Project>
EOF
readme="$root/src/NbnsSim.SharpPcap/README.md"
awk '/^```csharp$/ { if (!done) { inside = 1; next } } /^```$/ { if (inside) { inside = 0; done = 1 } } inside' "$readme" > Program.cs
awk '/^```text$/ { if (!done) { inside = 1; next } } /^```$/ { if (inside) { inside = 0; done = 1 } } inside' "$readme" > expected.txt
[ -s Program.cs ] && [ -s expected.txt ] || { echo "the README has no C# block with its output"; exit 1; }
dotnet run > actual.txt
diff expected.txt actual.txt
echo "package $version: the README's program prints what the README says"
