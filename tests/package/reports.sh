#!/usr/bin/env bash
# Packs the library and its reports, references both packages from a new console project, runs the first C# block of the reports' README, a network of its
# own, and compares the account that it prints with the block that follows. Needs nothing but the .NET SDK and the repository.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for project in NbnsSim NbnsSim.Reports; do
    dotnet pack "$root/src/$project/$project.csproj" -c Release -o "$work/feed" -v q -nologo
done
package=$(ls "$work"/feed/NbnsSim.Reports.*.nupkg)
version=$(basename "$package" .nupkg); version=${version#NbnsSim.Reports.}

contents=$(unzip -Z1 "$package") # not piped into grep -q: it would stop reading, and pipefail take that for a failure
for wanted in README.md icon.png lib/net10.0/NbnsSim.Reports.dll lib/net10.0/NbnsSim.Reports.xml; do
    grep -qxF "$wanted" <<< "$contents" || { echo "the package lacks $wanted"; exit 1; }
done
dependencies=$(unzip -p "$package" NbnsSim.Reports.nuspec | grep -o '<dependency id="[^"]*"')
[ "$dependencies" = '<dependency id="NbnsSim"' ] || { echo "the package depends on more than NbnsSim: $dependencies"; exit 1; }
ls "$work"/feed/NbnsSim.Reports.*.snupkg > /dev/null

mkdir "$work/app"
cd "$work/app"
# a cache of its own, so that no earlier build of the same version is taken for this one
export NUGET_PACKAGES="$work/packages"
cat > NuGet.config <<CONFIG
<configuration><packageSources><clear /><add key="packed" value="$work/feed" /></packageSources></configuration>
CONFIG
cat > app.csproj <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
  <ItemGroup><PackageReference Include="NbnsSim" Version="$version" /><PackageReference Include="NbnsSim.Reports" Version="$version" /></ItemGroup>
</Project>
PROJECT
readme=$root/src/NbnsSim.Reports/README.md
awk '/^```csharp$/ { if (!done) { inside = 1; next } } /^```$/ { if (inside) { inside = 0; done = 1 } } inside' "$readme" > Program.cs
awk '/^```csharp$/ { code = 1 } /^```text$/ { if (code && !done) { inside = 1; next } } /^```$/ { if (inside) { inside = 0; done = 1 } } inside' "$readme" > expected.txt
[ -s Program.cs ] && [ -s expected.txt ] || { echo "the README has no C# block with its output"; exit 1; }
dotnet run > actual.txt
diff expected.txt actual.txt
echo "package $version: the account of the README's network is what the README says"
