using System.Collections.Frozen;

namespace NbnsSim.Transport.Pages;

/// <summary>The files of a folder as a site has them: looked up once, so that no path of a request ever reaches the file system.</summary>
internal sealed class StaticSite
{
    private const string Octets = "application/octet-stream";

    private static readonly FrozenDictionary<string, string> s_types = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8", // a module of any other type is refused by browsers
        [".json"] = "application/json",
        [".wasm"] = "application/wasm", // what WebAssembly.compileStreaming asks for
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".webmanifest"] = "application/manifest+json",
        [".txt"] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly FrozenDictionary<string, SiteFile> _files;

    /// <summary>Looks a folder through.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public StaticSite(string folder)
    {
        var files = new Dictionary<string, SiteFile>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string path = "/" + Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            var found = new SiteFile(file, s_types.GetValueOrDefault(Path.GetExtension(file), Octets));
            files[path] = found;
            if (path.EndsWith("/index.html", StringComparison.Ordinal))
                files[path[..^"index.html".Length]] = found;
        }

        _files = files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>What a request's target names; <see langword="null"/> where there is nothing.</summary>
    /// <param name="target">The target of RFC 9112 §3.2.1: a path, percent-encoded, and perhaps a query, which is left out of account.</param>
    public SiteFile? Find(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return _files.GetValueOrDefault(Uri.UnescapeDataString(target.Split('?', 2)[0]));
    }
}
