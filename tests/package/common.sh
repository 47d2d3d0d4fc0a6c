# What the scripts of this folder share; each sources it. A package is packed, looked into, and used by a new console project that sees nothing else of the repository.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# pack ID… : packs these projects; the last is the package that is looked into and used from here on
pack() {
    local project
    for project in "$@"; do
        dotnet pack "$root/src/$project/$project.csproj" -c Release -o "$work/feed" -v q -nologo
    done
    id=$project
    package=$(ls "$work/feed/$id".[0-9]*.nupkg)
    version=$(basename "$package" .nupkg); version=${version#"$id".}
    contents=$(unzip -Z1 "$package") # not piped into grep -q: it would stop reading, and pipefail take that for a failure
    for wanted in README.md icon.png "lib/net10.0/$id.dll" "lib/net10.0/$id.xml"; do
        grep -qxF "$wanted" <<< "$contents" || { echo "the package lacks $wanted"; exit 1; }
    done
    ls "$work/feed/$id.$version.snupkg" > /dev/null
}

# depends ID… : the package depends on these, in alphabetical order, and on nothing else
depends() {
    local dependencies
    dependencies=$(unzip -p "$package" "$id.nuspec" | sed -n 's/.*<dependency id="\([^"]*\)".*/\1/p' | sort | xargs)
    [ "$dependencies" = "$*" ] || { echo "the package depends on: $dependencies"; exit 1; }
}

# program README [SOURCES [N]] : a new project that references the package runs the first C# block of a README, or the Nth, and prints what the text block behind it says.
# SOURCES is put before the packages of this repository in the project's list of sources: "<clear />" for no other.
program() {
    local number=${3:-1}
    mkdir "$work/app$number"
    cd "$work/app$number"
    export NUGET_PACKAGES="$work/packages" # a cache of its own, so that no earlier build of the same version is taken for this one
    cat > NuGet.config <<CONFIG
<configuration><packageSources>${2:-}<add key="packed" value="$work/feed" /></packageSources></configuration>
CONFIG
    cat > app.csproj <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
  <ItemGroup><PackageReference Include="$id" Version="$version" /></ItemGroup>
</Project>
PROJECT
    awk -v n="$number" '/^```csharp$/ { inside = ++blocks == n; next } /^```$/ { inside = 0 } inside' "$1" > Program.cs
    awk -v n="$number" '/^```csharp$/ { blocks++ } /^```text$/ { inside = blocks == n && !done++; next } /^```$/ { inside = 0 } inside' "$1" > expected.txt
    [ -s Program.cs ] && [ -s expected.txt ] || { echo "the README has no C# block $number with its output"; exit 1; }
    dotnet run > actual.txt
    diff expected.txt actual.txt
    echo "$id $version: the README's program $number prints what the README says"
}
