#!/usr/bin/env bash
# Packs the library, references the package from a new console project, runs the README's first C# block and compares
# what it prints with the block that follows it. Needs nothing but the .NET SDK and the repository.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet pack "$root/src/NbnsSim/NbnsSim.csproj" -c Release -o "$work/feed" -v q -nologo
package=$(ls "$work"/feed/NbnsSim.*.nupkg)
version=$(basename "$package" .nupkg); version=${version#NbnsSim.}

contents=$(unzip -Z1 "$package") # not piped into grep -q: it would stop reading, and pipefail take that for a failure
for wanted in README.md icon.png lib/net10.0/NbnsSim.dll lib/net10.0/NbnsSim.xml; do
    grep -qxF "$wanted" <<< "$contents" || { echo "the package lacks $wanted"; exit 1; }
done
nuspec=$(unzip -p "$package" NbnsSim.nuspec)
grep -q '<dependency ' <<< "$nuspec" && { echo "the package has a dependency"; exit 1; }
ls "$work"/feed/NbnsSim.*.snupkg > /dev/null

mkdir "$work/app"
cd "$work/app"
# a cache of its own, so that no earlier build of the same version is taken for this one
export NUGET_PACKAGES="$work/packages"
cat > NuGet.config <<EOF
<configuration><packageSources><add key="packed" value="$work/feed" /></packageSources></configuration>
EOF
cat > app.csproj <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
  <ItemGroup><PackageReference Include="NbnsSim" Version="$version" /></ItemGroup>
</Project>
EOF
awk '/^```csharp$/ { if (!done) { inside = 1; next } } /^```$/ { if (inside) { inside = 0; done = 1 } } inside' "$root/README.md" > Program.cs
awk '/^```csharp$/ { code = 1 } /^```text$/ { if (code && !done) { inside = 1; next } } /^```$/ { if (inside) { inside = 0; done = 1 } } inside' "$root/README.md" > expected.txt
[ -s Program.cs ] && [ -s expected.txt ] || { echo "the README has no C# block with its output"; exit 1; }
dotnet run > actual.txt
diff expected.txt actual.txt
echo "package $version: the README's program prints what the README says"
